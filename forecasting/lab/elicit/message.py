"""What a page may send to the elicitation behind it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from forecasting.lab.parts.message import Sent

Text = Annotated[str, Field(max_length=2000)]


class Message(Sent):
    """One thing to do, with what it takes.

    *set* takes the handle's field, its place where there are several of the name, the value, and whether the handle is still
    held; *family* a family; *sign* an id, an analyst and a reason; *undo*, *clear*, *yaml*, *write* and *show* nothing.
    ``token`` comes back in the view once the message has been dealt with, so that a page sends one position at a time.

    Examples
    --------
    >>> Message.of({"do": "set", "field": "lower", "value": 0.2, "held": True}).value
    0.2
    """

    of_what: ClassVar[str] = "elicitation"

    do: Literal["show", "set", "family", "sign", "undo", "clear", "yaml", "write"]
    field: Text = ""
    at: int | None = None
    value: float | None = None
    held: bool = False
    family: Text = ""
    id: Text = ""
    analyst: Text = ""
    reason: Text = ""
    token: Annotated[str, Field(max_length=40)] = ""
