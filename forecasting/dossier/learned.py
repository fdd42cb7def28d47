"""What was learned from a record, as a table that an edition may name: biases of readings with the day up to which they hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from forecasting.dossier.fields import Date, Record, Text

# the parameters that readings take; weights of whole layers are printed by `forecast learn` and no reading has a place for them
BIASES = ("source_bias", "wording_bias", "kind_bias")
SPREAD = "log_source_spread"
KINDS = {"occurs": "said to happen", "does-not-occur": "said not to happen"}  # of judgements, by their direction


class LearnedRow(Record):
    """One parameter learned: its posterior mean and standard deviation, and from how many settled judgements.

    A row stands in ``learned/NAME.csv``, which ``forecast learn --write NAME`` writes. ``before`` is the day before which
    all that it is based on had come about: an edition may name the table from that day on. ``head`` is the digest of the
    last record of the ledger by then, so that the table can be made again.
    """

    parameter: Literal["source_bias", "wording_bias", "kind_bias", "log_source_spread"]
    name: Text
    settled: Annotated[int, Field(ge=0)]
    mean: Annotated[float, Field(ge=-2, le=2)]
    sd: Annotated[float, Field(gt=0, le=2)]
    before: Date
    head: str = ""
