"""Records of made-up coders, on spans of a made-up article."""

from __future__ import annotations

from forecasting.dossier.anchors import digest
from forecasting.dossier.claims import Anchor
from forecasting.dossier.codings import CodedClaim, Coding
from forecasting.errors import Where

_FIELDS = {
    "judgement": {"wording": "likely", "lexicon": "plain", "target": ("pact-signed",), "direction": "occurs",
                  "horizon": {"stated": False}},
    "fact": {"target": ("pact-signed",), "direction": "raises", "grade": "weak"},
    "effect": {"target": ("pact-lowers-toll",), "direction": "lowers"},
    "driver": {"target": ("upper-hand",), "direction": "raises", "grade": "weak"},
    "background": {"why": "comment"},
}  # fmt: skip
_GRADED = {"reliability": "B", "credibility": 3, "origin": "gazette"}


def record(name: str, start: int, end: int, kind: str = "background", source: str = "gazette", paragraph: int = 1, **more):
    """Return one coder's record on a span of code points; ``more`` are fields that differ from the usual ones of its kind."""
    anchor = Anchor(start=start, end=end, sha256=digest(f"{start}-{end}"), paragraph=paragraph)
    fields = {**({} if kind == "background" else _GRADED), **_FIELDS[kind], **more}
    said = {"paraphrase": f"What {name} says.", "speaker": "author"}
    return CodedClaim(id=name, source=source, anchor=anchor, kind=kind, **said, **fields)


def coding(name: str, *claims: CodedClaim) -> Coding:
    """Return a coder's records, each on a line of its own."""
    return Coding(name, claims, {claim.id: Where(f"{name}.yaml", line) for line, claim in enumerate(claims, 1)})
