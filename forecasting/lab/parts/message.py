"""What a page may send to its widget: one message, held to its form before anything is done."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from forecasting.errors import UsageError


class Sent(BaseModel):
    """A message of a page. A widget's own names what can be done, and what each of it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    of_what: ClassVar[str] = "panel"

    @classmethod
    def of(cls, said: Any) -> Self:
        """Return what was sent as a message.

        Raises
        ------
        UsageError
            If it has another form.
        """
        try:
            return cls.model_validate(said)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "message"
            raise UsageError(f"the {cls.of_what} cannot do that ({where}: {first['msg']}); reload it") from None
