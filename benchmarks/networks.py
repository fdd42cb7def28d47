"""Write event networks of any size as dossiers: files that `forecasting.rules.load.load_dossier` reads and holds to every rule.

Every event has two effects into it, two judgements and one fact about it, a line of history and a question of its own; so the
network is as sparse at a thousand events as at ten. Judgements scatter about the event's own hazard, which scatters about
its class's rate, as the model has it: evidence that contradicts itself everywhere would be another problem, and a slower one
to sample. All is drawn from one seed: the same size gives the same files.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import math
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecasting.dossier.anchors import digest, make_anchor

EDITION = "generated"
AS_OF = dt.date(2026, 1, 1)
OPENS_ON = dt.date(2025, 7, 1)
DEADLINE = dt.date(2026, 12, 31)
SEED = 20260101
N_CAUSES = 2
PER_CLASS, PER_SOURCE = 10, 30  # events that share a reference class, claims that share an article
REACH = 40  # an effect comes from one of this many events before its target
ENABLED = 10  # every tenth event waits for another one instead of being made likelier by it
SOURCE_DAYS = 60  # the articles appeared over this many days before the as-of date
WORDINGS = ("almost no chance", "highly unlikely", "unlikely", "about even", "likely", "highly likely", "almost certain")
MEMBER_SPREAD, SPEAKER_SPREAD = 0.4, 0.7  # of log hazards within a class, and of what speakers make of one
LEXICON = "capphrase-2026"
GRADES = ("weak", "moderate", "strong")
RESOLUTION = {
    "counts": "Two news agencies report it.", "does_not_count": "A rumour.", "settled_by": "two news agencies",
    "status_quo": "Nothing changes.", "void_if": "The actor ceases to exist.",
}  # fmt: skip

Record = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """What a generated dossier is like, beside its size: how vague its classes are, and how long it is sampled."""

    seed: int = SEED
    counts: tuple[int, int] = (2, 40)
    years: tuple[int, int] = (60, 120)
    spread: float = 0.5
    draws: int = 1000
    paths_per_draw: int = 16


TIMED = Kind()  # what the timings are made with

def write_network(root: Path, project: Path, n_events: int, kind: Kind = TIMED) -> Path:
    """Write the records of a network of ``n_events`` events below ``root`` and return the dossier's folder.

    Parameters
    ----------
    root : Path
        A folder of its own; what an earlier network left there is replaced.
    project : Path
        Where ``priors/`` with the grades and the lexicon lies.
    n_events : int
        At least 2.
    kind : Kind, optional
        By default what the timings are made with.
    """
    luck, priors = random.Random(f"{kind.seed}:{n_events}"), root / "priors"
    shutil.rmtree(priors, ignore_errors=True)
    ids = [f"event-{k:05}" for k in range(n_events)]
    effects = list(_effects(luck, ids))
    classes = [(luck.randint(*kind.counts), luck.randint(*kind.years)) for _ in range(-(-n_events // PER_CLASS))]
    with (project / "priors" / "lexicons" / f"{LEXICON}.csv").open(encoding="utf-8", newline="") as file:
        meanings = {row["wording"]: float(row["p50"]) for row in csv.DictReader(file)}
    claims = list(_claims(luck, ids, classes, meanings))
    files = {
        "events/generated.yaml": [_event(k, name) for k, name in enumerate(ids)],
        "effects.yaml": {"effects": effects, "drivers": []},
        "questions/generated.yaml": [_question(name) for name in ids],
        f"editions/{EDITION}.yaml": {
            "id": EDITION, "title": "A generated network", "as_of": AS_OF, "as_of_how": "chosen",
            "draws": kind.draws, "paths_per_draw": kind.paths_per_draw, "seed": kind.seed,
            "sources": sorted({claim["source"] for claim in claims}), "questions": [f"{name}-asked" for name in ids],
        },
    }  # fmt: skip
    for source in range(0, len(claims), PER_SOURCE):
        files |= _article(source // PER_SOURCE, claims[source : source + PER_SOURCE])
    for name, content in files.items():
        path = priors / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, default=str, indent=1), "utf-8")  # JSON is YAML
    (priors / "reference_classes.csv").write_text(_classes(classes, kind.spread), "utf-8")
    (priors / "history.csv").write_text(_history(ids), "utf-8")
    (priors / "lexicons").mkdir()
    shutil.copy(project / "priors" / "lexicons" / f"{LEXICON}.csv", priors / "lexicons")
    shutil.copy(project / "priors" / "grades.csv", priors)
    return priors


def _event(k: int, name: str) -> Record:
    return {
        "id": name, "title": f"What happens in case {k}", "opens_on": OPENS_ON, "reference_class": f"class-{k // PER_CLASS:04}",
        "why_class": "Generated.", "class_fit": "good", "reference_years": 1.0, "resolution": RESOLUTION,
    }  # fmt: skip


def _question(name: str) -> Record:
    return {
        "id": f"{name}-asked", "title": f"Does {name} happen by {DEADLINE}?", "asks": {"occurs": name, "by": DEADLINE},
    }  # fmt: skip


def _effects(luck: random.Random, ids: list[str]) -> Iterator[Record]:
    """Yield two effects into each event from events shortly before it; the first two events have fewer."""
    for k, target in enumerate(ids):
        causes = luck.sample(range(max(0, k - REACH), k), min(N_CAUSES, k))
        for i, cause in enumerate(causes):
            effect = {"id": f"effect-{k:05}-{i}", "from": ids[cause], "to": target}
            if i == 0 and k % ENABLED == ENABLED - 1 and cause % ENABLED != ENABLED - 1:
                yield {**effect, "acts": "enables", "why": "Generated."}
            else:
                sign, grade = luck.choice(("raises", "lowers")), luck.choice(GRADES)
                yield {**effect, "sign": sign, "grade": grade, "why": "Generated."}


def _claims(
    luck: random.Random, ids: list[str], classes: list[tuple[int, int]], meanings: dict[str, float]
) -> Iterator[Record]:
    """Yield two judgements and a fact about each event, without their anchors; an article speaks of ten events.

    The author makes the first judgement and reports the fact, somebody else is quoted with the second.
    """
    hazards = [math.log(max(n, 0.5) / years) + luck.gauss(0, MEMBER_SPREAD) for n, years in classes for _ in range(PER_CLASS)]
    for position, (k, kind) in enumerate(itertools.product(range(len(ids)), ("judgement", "quoted", "fact"))):
        source = f"article-{position // PER_SOURCE:04}"
        made_on = AS_OF - dt.timedelta(days=position // PER_SOURCE % SOURCE_DAYS)
        words = " ".join("".join(luck.choices("abcdefghijklmnoprstuvw", k=6)) for _ in range(6))
        quoted = kind == "quoted"
        claim = {
            "id": f"claim-{position:05}", "source": source, "paraphrase": f"On {ids[k]}: {words}.",
            "speaker": f"speaker {position}" if quoted else "author", "kind": "fact" if kind == "fact" else "judgement",
            "target": {"event": ids[k]}, "made_on": made_on, "reliability": luck.choice("ABC"),
            "credibility": luck.randint(1, 4), "origin": f"origin-{position:05}" if quoted else source,
        }  # fmt: skip
        if kind == "fact":
            signed = {"direction": luck.choice(("raises", "lowers")), "grade": luck.choice(GRADES)}
            yield claim | signed | {"grade_why": "Drawn at random for the benchmark."}
        else:
            horizon = {"years": 1.0, "stated": True}
            meant = -math.expm1(-math.exp(hazards[k] + luck.gauss(0, SPEAKER_SPREAD)))
            wording = min(WORDINGS, key=lambda name: abs(meanings[name] - meant))
            said = {"wording": wording, "lexicon": LEXICON, "direction": "occurs", "horizon": horizon}
            yield claim | said


def _article(number: int, claims: list[Record]) -> dict[str, Any]:
    """Return the records of an article and of its claims, anchored in a text of one sentence each."""
    text, spans = "", []
    for claim in claims:
        spans.append((len(text), len(text) + len(claim["paraphrase"])))
        text += claim["paraphrase"] + "\n"
    name = claims[0]["source"]
    source = {
        "id": name, "title": f"Article {number}", "publisher": "Generated", "author": "nobody",
        "published_on": claims[0]["made_on"], "published_precision": "day", "published_how": "chosen", "licence": "generated",
        "origin_group": name, "kind": "news", "text_sha256": digest(text), "text_length": len(text),
    }  # fmt: skip
    anchored = [
        {**claim, "anchor": make_anchor(text, *span).model_dump(exclude_none=True)}
        for claim, span in zip(claims, spans, strict=True)
    ]
    return {f"sources/{name}.yaml": source, f"claims/{name}.yaml": anchored}


def _classes(classes: list[tuple[int, int]], spread: float) -> str:
    lines = ["id,borrows,events,exposure,unit,spread,counted_from,counted_until,basis,citation,note"]
    since = "1990-01-01,2020-12-31"
    lines += [f"class-{k:04},,{n},{years},year,{spread},{since},table,Generated,counted" for k, (n, years) in enumerate(classes)]
    return "\n".join(lines) + "\n"


def _history(ids: list[str]) -> str:
    lines = ["on,event,what,likelihood_ratio,source,status,note"]
    lines += [f"{AS_OF},{name},survived,,Generated,confirmed,quiet" for name in ids]
    return "\n".join(lines) + "\n"
