"""What words and grades stand for: an entry of a lexicon, and a figure of the grading scheme."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forecasting.dossier.fields import Reads, Record, Text


class Wording(Record):
    """A lexicon entry: quantiles of the probability that readers, or a standard, mean by the words, and how it is read.

    ``reads`` speaks of the probability that the words are said of: *level*, about so much; *at_least*, so much or more
    ("possible" argues that it may happen); *at_most*, so much or less ("unlikely" argues that it may not). A lexicon whose
    file has no such column is read as levels, and `forecast check` says so.

    A wording that no survey asked about may be *placed* among phrases that surveys did ask about: ``at`` one, or a ``share`` of
    the way from there ``towards`` another; its quantiles are then computed (`forecasting.elicitation.hedges`). Where the phrases
    are said of the event and the wording of its absence, both begin with "not ". ``instead`` says what to code where the words
    are no judgement of likelihood at all; claims that are read with them are flagged.

    References
    ----------
    Teigen, K. H. and Brun, W. (1995), *Yes, but it is uncertain: direction and communicative intention of verbal
    probabilistic terms*, Acta Psychologica 88, 233-258.
    """

    wording: Text
    p05: float
    p25: float
    p50: float
    p75: float
    p95: float
    reads: Reads = Field(default="level", exclude_if=lambda reads: reads == "level")
    at: str = Field(default="", exclude_if=lambda phrase: not phrase)
    towards: str = Field(default="", exclude_if=lambda phrase: not phrase)
    share: Annotated[float, Field(gt=0, lt=1)] | None = Field(default=None, exclude_if=lambda share: share is None)
    instead: str = Field(default="", exclude_if=lambda what: not what)
    n: Annotated[int, Field(ge=0)]
    citation: Text

    @property
    def quantiles(self) -> tuple[float, float, float, float, float]:
        """The probabilities at 5, 25, 50, 75 and 95 %."""
        return self.p05, self.p25, self.p50, self.p75, self.p95

    @property
    def phrases(self) -> tuple[str, ...]:
        """The surveyed phrases that the wording is placed at or between, without "not "; none if it is not placed."""
        return tuple(phrase.removeprefix("not ") for phrase in (self.at, self.towards) if phrase)

    @model_validator(mode="after")
    def _placed(self) -> Wording:
        if bool(self.towards) != (self.share is not None) or (self.towards and not self.at):
            raise ValueError("at, towards and share do not fit; write 'at' alone, or all three (share between 0 and 1)")
        if self.towards and self.at.startswith("not ") != self.towards.startswith("not "):
            raise ValueError(f"'{self.at}' and '{self.towards}' are not said of the same; write 'not ' before both or neither")
        return self

    @model_validator(mode="after")
    def _quantiles(self) -> Wording:
        values = self.quantiles
        if values[0] <= 0 or values[-1] >= 1:
            raise ValueError(f"quantiles {values} touch 0 or 1; a wording never means certainty here")
        if list(values) != sorted(values) or values[0] == values[-1]:
            raise ValueError(f"quantiles {values} are out of order; write them rising from p05 to p95")
        return self


class GradeRow(Record):
    """One figure behind a letter, a number or a word of the grading scheme."""

    scale: Literal["reliability", "credibility", "strength", "truth"]
    grade: Annotated[str, Field(min_length=1)]
    value: Annotated[float, Field(gt=0)]
    spread: Annotated[float, Field(ge=0)] | None = None
    citation: Text
