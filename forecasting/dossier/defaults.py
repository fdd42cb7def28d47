"""What a source says once for all of its claims, and once for each of its speakers; a claim inherits it where it is silent.

What a claim says itself goes before what is said for its speaker, and that before what is said for the source. Reliability and
origin are of whoever speaks: the source's own are inherited by claims of its author alone, and everybody else is graded by an
entry of his own. The lexicon is for the words of the text, so for judgements; ``seen_if`` holds the coder's words, and
``seen_if_lexicon`` is for those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from forecasting.dossier.fields import Date, Id, Record, Reliability, Text
from forecasting.dossier.parse import FieldPath, Parsed
from forecasting.errors import Where

AUTHOR = "author"


class SpeakerDefaults(Record):
    """What holds for every claim of one speaker; ``lexicon`` is the standard whose words he uses as the standard has them."""

    role: Text | None = None
    reliability: Reliability | None = None
    origin: Id | None = None
    lexicon: Id | None = Field(default=None, exclude_if=lambda name: name is None)


class Defaults(Record):
    """What holds for every claim of a source that does not say otherwise.

    Credibility is of one piece of information. A default can only be what the codebook gives where nothing else applies: 3, or 6
    where nothing can be judged.
    """

    made_on: Date | None = None
    reliability: Reliability | None = None
    credibility: Literal[3, 6] | None = None
    origin: Id | None = None
    lexicon: Id | None = None
    seen_if_lexicon: Id | None = None
    coded_by: Text | None = None
    speakers: Annotated[dict[Text, SpeakerDefaults], Field(default={})]

    @model_validator(mode="after")
    def _speaker_says(self) -> Defaults:
        for name, said in self.speakers.items():
            if not said.model_fields_set:
                raise ValueError(f"says nothing of the speaker '{name}'; write role, reliability, origin or lexicon")
        return self


@dataclass(frozen=True)
class Inherited:
    """Where a field of a claim comes from that the claim itself does not state."""

    said: str
    where: Where


@dataclass(frozen=True)
class SourceDefaults:
    """The defaults in the file of a source, whether or not the rest of the record can be read.

    ``unread`` are fields whose default is there and has not the right form: that is reported once, and not for every claim.
    """

    source: str
    defaults: Defaults
    parsed: Parsed
    unread: frozenset[str] = frozenset()

    def inherit(self, claim: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Inherited]]:
        """Return the fields of a claim with those that it inherits, and where each of those comes from.

        A field that is there and empty is silent, as one that is not there.
        """
        fields, found = dict(claim), dict[str, Inherited]()
        for field, path in self._paths(claim):
            value: Any = self.defaults
            for name in path:
                value = value.get(name) if isinstance(value, dict) else getattr(value, str(name), None)
            if fields.get(field) is None and value is not None:
                fields[field] = value
                said = f"speaker {path[1]} of source {self.source}" if path[0] == "speakers" else f"source {self.source}"
                found[field] = Inherited(said, self.parsed.where("defaults", *path))
        return fields, found

    def _paths(self, claim: Mapping[str, Any]) -> list[tuple[str, FieldPath]]:
        """Return which default serves which field of a claim, the nearest first."""
        speaker = claim.get("speaker")
        paths: list[tuple[str, FieldPath]] = []
        if isinstance(speaker, str):
            served = (("speaker_role", "role"), ("reliability", "reliability"), ("origin", "origin"))
            paths += [(field, ("speakers", speaker, name)) for field, name in served]
        paths += [(name, (name,)) for name in ("made_on", "credibility", "coded_by")]
        if speaker == AUTHOR:
            paths += [("reliability", ("reliability",)), ("origin", ("origin",))]
        if claim.get("seen_if") is not None:
            paths += [("lexicon", ("seen_if_lexicon",))]
        elif claim.get("kind") == "judgement" and claim.get("wording") is not None:
            paths += [("lexicon", ("speakers", speaker, "lexicon"))] if isinstance(speaker, str) else []
            paths += [("lexicon", ("lexicon",))]
        return paths


def read_defaults(parsed: Parsed) -> SourceDefaults | None:
    """Return the defaults in the file of a source, those of the wrong form left out; None if it has none."""
    record = parsed.value if isinstance(parsed.value, dict) else {}
    raw = record.get("defaults")
    if not isinstance(raw, dict) or not isinstance(record.get("id"), str):
        return None
    try:
        return SourceDefaults(record["id"], Defaults.model_validate(raw), parsed)
    except ValidationError:
        pass
    read = {name: value for name, value in raw.items() if isinstance(name, str) and _reads(name, value)}
    unread = frozenset(map(str, raw.keys() - read.keys()))
    served = {"seen_if_lexicon": ("lexicon",), "speakers": ("speaker_role", "reliability", "origin")}
    fields = frozenset(field for name in unread for field in served.get(name, (name,)))
    return SourceDefaults(record["id"], Defaults.model_validate(read), parsed, fields)


def _reads(name: str, value: Any) -> bool:
    try:
        Defaults.model_validate({name: value})
    except ValidationError:
        return False
    return True
