"""Small dossiers written as files, the way an analyst writes them; tests start from these and change one thing."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

TEXT = (
    "The ferry pact between Norland and Sudland is likely to be signed this year.\n"
    "Observers say a new toll is unlikely.\n"
    "Sudland has moved its customs officers back from the quay.\n"
)

FILES = {
    "grades.csv": None,  # copied from the project
    "lexicons/plain.csv": """\
        wording,p05,p25,p50,p75,p95,reads,n,citation
        likely,0.60,0.67,0.75,0.80,0.90,level,5146,CAPphrase 2026
        unlikely,0.05,0.10,0.20,0.25,0.40,level,5150,CAPphrase 2026
        """,
    "reference_classes.csv": """\
        id,borrows,events,exposure,unit,spread,counted_from,counted_until,basis,citation,note
        pacts-signed,,6,40,year,0.5,1990-01-01,2020-12-31,table,Made up for a test,six pacts in forty pact-years
        tolls-raised,,2,30,year,0.5,1990-01-01,2020-12-31,table,Made up for a test,two rises in thirty years
        deadlines-kept,,7,10,trial,0.5,1990-01-01,2020-12-31,table,Made up for a test,seven of ten
        """,
    "events/ferry.yaml": """\
        - id: pact-signed
          title: Norland and Sudland sign the ferry pact
          opens_on: 2024-01-01
          reference_class: pacts-signed
          why_class: Pacts of this kind are counted there.
          class_fit: good
          reference_years: 2.0
          resolution: &resolution
            counts: Both governments announce the signature.
            does_not_count: An initialled text.
            settled_by: two news agencies
            status_quo: No pact.
            void_if: One of the two states ceases to exist.
        - id: toll-raised
          title: Sudland raises the toll
          opens_on: 2024-01-01
          reference_class: tolls-raised
          why_class: Tolls of this kind are counted there.
          class_fit: fair
          reference_years: 2.0
          resolution: *resolution
        """,
    "effects.yaml": """\
        effects:
          - {id: pact-lowers-toll, from: pact-signed, to: toll-raised, acts: multiplies, sign: lowers, grade: strong,
             claims: [n-002], why: The pact caps the toll.}
        drivers: []
        """,
    "questions/ferry.yaml": """\
        - id: pact-by-2025
          title: Will the ferry pact be signed by the end of 2025?
          asks: {occurs: pact-signed, by: 2025-12-31}
        - id: toll-by-2025
          title: Will the toll be raised by the end of 2025?
          asks: {occurs: toll-raised, by: 2025-12-31}
        - id: ferry-order-2025
          title: The ferry at the end of 2025
          at: 2025-12-31
          scenarios:
            - {id: pact-no-toll, title: Pact and old toll, all_of: [{occurs: pact-signed}, {holds: toll-raised}]}
            - {id: toll-no-pact, title: Higher toll and no pact, all_of: [{holds: pact-signed}, {occurs: toll-raised}]}
            - {id: rest, title: Anything else, other: true}
        """,
    "history.csv": """\
        on,event,what,likelihood_ratio,source,status,note
        2024-06-30,pact-signed,survived,,Test Gazette 2024-06-30,confirmed,no pact yet
        2024-06-30,toll-raised,survived,,Test Gazette 2024-06-30,confirmed,old toll
        """,
    "editions/2024-07-ferry.yaml": """\
        id: 2024-07-ferry
        title: The ferry in July 2024
        as_of: 2024-07-01
        as_of_how: the day the article appeared
        sources: [norland-times]
        questions: [pact-by-2025, toll-by-2025, ferry-order-2025]
        draws: 1000
        seed: 20240701
        """,
}


def claim_yaml(claim_id: str, quote: str, fields: str, source: str = "norland-times") -> str:
    """Return the YAML of one claim anchored on ``quote`` in `TEXT`."""
    from forecasting.dossier.anchors import find_quote

    anchor = find_quote(TEXT, quote).anchor
    return (
        f"- id: {claim_id}\n  source: {source}\n"
        f"  anchor: {{start: {anchor.start}, end: {anchor.end}, sha256: {anchor.sha256}, "
        f'paragraph: {anchor.paragraph}, seal: "{anchor.seal}"}}\n'
        + "".join(f"  {line}\n" for line in dedent(fields).strip().splitlines())
    )


CLAIMS = {
    "n-001": (
        "likely to be signed this year",
        """\
        paraphrase: A signature within months is more probable than not.
        speaker: author
        kind: judgement
        wording: likely
        lexicon: plain
        target: {event: pact-signed}
        direction: occurs
        horizon: {years: 1.0, stated: true}
        made_on: 2024-07-01
        reliability: B
        credibility: 3
        origin: norland-times
        """,
    ),
    "n-002": (
        "a new toll is unlikely",
        """\
        paraphrase: Observers do not expect the toll to go up.
        speaker: observers
        kind: judgement
        wording: unlikely
        lexicon: plain
        target: {event: toll-raised}
        direction: occurs
        horizon: {years: 1.0, stated: false, why: the article speaks of this year}
        made_on: 2024-07-01
        reliability: C
        credibility: 3
        origin: observers
        """,
    ),
    "n-003": (
        "moved its customs officers back",
        """\
        paraphrase: Customs staff of Sudland have left the quay.
        speaker: author
        kind: fact
        target: {event: pact-signed}
        direction: raises
        grade: moderate
        grade_why: Customs staff seldom move without an agreement.
        made_on: 2024-07-01
        reliability: B
        credibility: 2
        origin: norland-times
        """,
    ),
}


def write_dossier(root: Path, project: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write a complete dossier below ``root/priors``; ``changes`` replaces or drops (None) files by relative path."""
    from forecasting.dossier.anchors import digest

    files = {name: dedent(text) if text else None for name, text in FILES.items()}
    files["events/ferry.yaml"] = _expand(files["events/ferry.yaml"] or "")
    files["grades.csv"] = (project / "priors" / "grades.csv").read_text("utf-8")
    files["claims/norland-times.yaml"] = "".join(claim_yaml(key, *value) for key, value in CLAIMS.items())
    files["sources/norland-times.yaml"] = (
        "id: norland-times\ntitle: The ferry question\npublisher: Norland Times\nauthor: staff\n"
        "published_on: 2024-07-01\npublished_precision: day\npublished_how: printed on the page\n"
        "licence: made up for a test\norigin_group: norland-times\nkind: news\ntext_file: ferry.txt\n"
        f"text_sha256: {digest(TEXT)}\ntext_length: {len(TEXT)}\n"
    )
    for name, text in {**files, **(changes or {})}.items():
        if text is not None:
            path = root / "priors" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    (root / "texts").mkdir(exist_ok=True)
    (root / "texts" / "ferry.txt").write_text(TEXT, "utf-8")
    return root / "priors"


def _expand(text: str) -> str:
    """Write the shared resolution out: the dossier's YAML has no aliases."""
    head, _, rest = text.partition("resolution: &resolution\n")
    block = rest[: rest.index("- id:")]
    return (head + "resolution:\n" + rest).replace("resolution: *resolution\n", "resolution:\n" + block)
