"""Every field of the small dossier with what its form does not take, without it, and under a name that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bad_input import PROJECT, Bad, command
from broken_dossiers import Edit, line_of, write_broken
from rule_edits import CLAIMS, CLASSES, EDITION, EFFECTS, EVENTS, HISTORY, QUESTIONS, SOURCE

from forecasting.dossier.layout import MODELS

NUMBER, DAY, NAME, TEXT, CHOICE, TRUTH = "a plain number", "YYYY-MM-DD", "lower-case letters", "write text", "write one of", (
    "write true or false"
)
# what each form does not take, and what must be said of it
WRONG: dict[str, dict[str, str]] = {
    NUMBER: {"50%": NUMBER, '"0,5"': NUMBER, "1e-3": NUMBER, ".5": NUMBER, "NaN": NUMBER, ".inf": NUMBER, "03": NUMBER,
             "0x1F": NUMBER, "1_000": NUMBER, "many": NUMBER, "true": NUMBER, "[1]": NUMBER, "١٢": NUMBER},
    DAY: {"2024-02-30": "a day that exists", "2024-13-01": "a day that exists", "01.07.2024": DAY, "2024-7-1": DAY,
          "2024-07-01T12:00": DAY, "2024-07-01Z": DAY, "20240701": DAY, "yesterday": DAY, "12:30": DAY, "true": DAY,
          "0000-01-01": "a day that exists"},
    NAME: {"../../etc/x": NAME, "Ferry": NAME, "a" * 300: "at most 64", "a b": NAME, "ferrÿ": NAME, "x_y": NAME, "-x": NAME,
           "12": "write text"},
    TEXT: {"2024": TEXT, "true": TEXT, "12.5": TEXT, "[one, two]": TEXT, "{one: two}": TEXT, "NO": "at least 3 characters"},
    CHOICE: {"perhaps": CHOICE, "NO": CHOICE, "12": CHOICE, "[a]": CHOICE, "true": CHOICE},
    TRUTH: {"yes": TRUTH, "on": TRUTH, "1": TRUTH, "NO": TRUTH, "'true'": TRUTH},
}  # fmt: skip
# file, the field as it stands there, what it is called in messages, its form
FIELDS = (
    (CLAIMS, "id: n-002", "id", NAME), (CLAIMS, "paraphrase: A signature within months is more probable than not.",
                                        "paraphrase", TEXT),
    (CLAIMS, "speaker: author", "speaker", TEXT), (CLAIMS, "kind: judgement", "kind", CHOICE),
    (CLAIMS, "direction: raises", "direction", CHOICE), (CLAIMS, "years: 1.0", "horizon.years", NUMBER),
    (CLAIMS, "stated: true", "horizon.stated", TRUTH), (CLAIMS, "made_on: 2024-07-01", "made_on", DAY),
    (CLAIMS, "reliability: B", "reliability", CHOICE), (CLAIMS, "credibility: 3", "credibility", CHOICE),
    (CLAIMS, "grade: moderate", "grade", CHOICE), (CLAIMS, "start: 46", "anchor.start", NUMBER),
    (EDITION, "title: The ferry in July 2024", "title", TEXT), (EDITION, "as_of: 2024-07-01", "as_of", DAY),
    (EDITION, "as_of_how: the day the article appeared", "as_of_how", TEXT), (EDITION, "draws: 1000", "draws", NUMBER),
    (EDITION, "seed: 20240701", "seed", NUMBER),
    (EFFECTS, "acts: multiplies", "acts", CHOICE), (EFFECTS, "sign: lowers", "sign", CHOICE),
    (EFFECTS, "grade: strong", "grade", CHOICE), (EFFECTS, "id: pact-lowers-toll", "id", NAME),
    (EVENTS, "opens_on: 2024-01-01", "opens_on", DAY), (EVENTS, "class_fit: good", "class_fit", CHOICE),
    (EVENTS, "reference_years: 2.0", "reference_years", NUMBER), (EVENTS, "counts: Both governments announce the signature.",
                                                                 "resolution.counts", TEXT),
    (QUESTIONS, "by: 2025-12-31", "by", DAY), (QUESTIONS, "at: 2025-12-31", "at", DAY),
    (QUESTIONS, "title: The ferry at the end of 2025", "title", TEXT), (QUESTIONS, "id: toll-by-2025", "id", NAME),
    (SOURCE, "published_on: 2024-07-01", "published_on", DAY),
    (SOURCE, "published_precision: day", "published_precision", CHOICE),
    (SOURCE, "kind: news", "kind", CHOICE), (SOURCE, "text_length: 174", "text_length", NUMBER),
    (SOURCE, "title: The ferry question", "title", TEXT), (SOURCE, "licence: made up for a test", "licence", TEXT),
)  # fmt: skip
CELLS = (
    (CLASSES, "tolls-raised,,2,", "tolls-raised,,{},", "events", NUMBER), (CLASSES, "2,30,year", "2,{},year", "exposure", NUMBER),
    (CLASSES, "30,year,0.5,", "30,year,{},", "spread", NUMBER), (CLASSES, "30,year,", "30,{},", "unit", CHOICE),
    (CLASSES, "30,year,0.5,1990-01-01,", "30,year,0.5,{},", "counted_from", DAY), (HISTORY, "\n2024-06-30,", "\n{},", "on", DAY),
    (HISTORY, "pact-signed,survived,", "pact-signed,{},", "what", CHOICE),
    (HISTORY, "pact-signed,survived,,", "pact-signed,signal,{},", "likelihood_ratio", NUMBER),
    (HISTORY, "confirmed,no pact yet", "{},no pact yet", "status", CHOICE),
    ("grades.csv", "strength,weak,1.3,", "strength,weak,{},", "value", NUMBER),
    ("grades.csv", "strength,weak,1.3,0.15,", "strength,weak,1.3,{},", "spread", NUMBER),
    ("lexicons/plain.csv", "0.67,0.75,0.80", "0.67,{},0.80", "p50", NUMBER),
    ("lexicons/plain.csv", "0.90,level", "0.90,{}", "reads", CHOICE),
)  # fmt: skip
KINDS = {CLAIMS: "claim", EDITION: "edition", EVENTS: "event", QUESTIONS: "question", SOURCE: "source"}


def checked(reader: str, name: str, edits: tuple[Edit, ...], says: tuple[str, ...], at: tuple[str, str] | None = None) -> Bad:
    """Return a case of the small dossier with some edits, held to `forecast check`; ``at`` is a file and a text on the line."""

    def given(folder: Path):
        root = write_broken(folder, PROJECT, *edits)
        answer = command("check", "--priors", root)
        if at and not answer.foreign:
            place = f"priors/{at[0]}:{line_of(root / at[0], at[1])}"
            assert place in answer.said or answer.code != 2, f"{place} is not in {answer.said[:1000]}"
        return answer

    return Bad(reader, name, given, says)


def wrong_values() -> Iterator[Bad]:
    """Yield every field with every value that its form does not take."""
    for file, old, field, form in FIELDS:
        key = old.partition(":")[0]
        for value, says in WRONG[form].items():
            new = f"{key}: {value}"
            yield checked("YAML", f"{file} {field} {value[:20]}", ((file, old, new),), (field, says), (file, new))
    for file, old, new, field, form in CELLS:
        for value, says in WRONG[form].items():
            if form == NUMBER and value in ("true", "[1]", '"0,5"'):
                value = {"true": "TRUE", "[1]": "[1]", '"0,5"': '"0,5"'}[value]
            yield checked("CSV", f"{file} {field} {value[:20]}", ((file, old, new.format(value)),), (field, says))


def left_out() -> Iterator[Bad]:
    """Yield every record without a field that it must have, and with each of its fields under a name of one letter less."""
    import tempfile

    from builders import write_dossier

    with tempfile.TemporaryDirectory() as scratch:
        root = write_dossier(Path(scratch), PROJECT)
        for file, kind in KINDS.items():
            known = {field.alias or name: field for name, field in MODELS[kind].model_fields.items()}
            record = (root / file).read_text("utf-8").split("\n- id: ")[0] + "\n"
            for line in re.findall(r"^(?:  |- )?[a-z_]+: .*\n", record, re.MULTILINE):
                key = line.strip(" -").partition(":")[0]
                if key not in known or line.startswith("- "):
                    continue
                if known[key].is_required():
                    yield checked("YAML", f"{file} without {key}", ((file, line, ""),), (f"'{key}'", f"write {key}: …"))
                worse = line.replace(key, key[:-1] if key[:-1] not in known else f"{key}x", 1)
                named = worse.strip(" -").partition(":")[0]
                yield checked("YAML", f"{file} {named}", ((file, line, worse),), (f"unknown field '{named}'", "did you mean"),
                              (file, worse.strip(" -\n")))  # fmt: skip


CASES = [*wrong_values(), *left_out()]
