"""What a page may send to its panel: one message, held to its form before anything is done."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from forecasting.errors import UsageError


class Message(BaseModel):
    """One thing to do, with what it takes.

    *ask* takes a question, *curve* an event; *set* a record, a field of it and its value, or the place of the value among the
    options; *undo* the place of a change in the list; *yaml* and *write* a reason; *clear*, *cancel* and *show* nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    do: Literal["show", "ask", "curve", "set", "undo", "clear", "cancel", "yaml", "write"]
    question: str = ""
    event: str = ""
    record: str = ""
    field: str = ""
    value: str | bool | int | float | None = None
    at: int | None = None
    index: int = -1
    reason: str = ""

    @classmethod
    def of(cls, said: Any) -> Message:
        """Return what was sent as a message.

        Raises
        ------
        UsageError
            If it has another form.

        Examples
        --------
        >>> Message.of({"do": "undo", "index": 0}).index
        0
        """
        try:
            return cls.model_validate(said)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "message"
            raise UsageError(f"the panel cannot do that ({where}: {first['msg']}); reload it") from None
