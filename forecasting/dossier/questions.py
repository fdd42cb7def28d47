"""Questions, and the registry of their forms.

To add a form, write its class under ``forms/``, and name it here twice: in `FORMS`, and as a field of `Question`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable

from pydantic import Field, model_validator

from forecasting.dossier.fields import Date, Id, Record, Text
from forecasting.dossier.forms.ahead import Ahead
from forecasting.dossier.forms.asks import Asks
from forecasting.dossier.forms.base import Form
from forecasting.dossier.forms.between import Between, Spanned
from forecasting.dossier.forms.favours import Favours, Index
from forecasting.dossier.forms.first_of import FirstOf
from forecasting.dossier.forms.level import Level, Ranged
from forecasting.dossier.forms.reaches import Reached, Reaches
from forecasting.dossier.forms.scenarios import Scenario, Scenarios
from forecasting.dossier.forms.stages import Stages
from forecasting.dossier.forms.turned import Turn, Turned
from forecasting.dossier.forms.upper_hand import Side
from forecasting.dossier.statements import Expression

FORMS: dict[str, type[Form]] = {
    form.name: form for form in (Asks, Stages, FirstOf, Scenarios, Reaches, Level, Between, Ahead, Turned, Favours)
}


class Question(Record):
    """A question with a deadline: yes/no (``asks``), stages in order, which event is the first, or a set of scenarios.

    Of a quantity: whether a total reaches a number (``reaches``), in which range it lies (``level``), or whether in one of them
    (``between``).

    ``void`` states when a yes/no question cannot be answered either way; its answer is then the probability given that it is
    not void.

    ``statement`` says the same as the title as a clause that ends a sentence ("Russia will still operate Khmeimim at the end of
    2025"), ``short`` in a few words for a row of a table. Reports write sentences with them; no number depends on either.
    """

    id: Id
    title: Text
    theme: str = ""
    asks: Expression | None = None
    stages: tuple[Id, ...] | None = None
    first_of: tuple[Id, ...] | None = Field(default=None, exclude_if=lambda events: events is None)
    scenarios: tuple[Scenario, ...] | None = None
    reaches: Reached | None = Field(default=None, exclude_if=lambda stated: stated is None)
    level: Ranged | None = Field(default=None, exclude_if=lambda stated: stated is None)
    between: Spanned | None = Field(default=None, exclude_if=lambda stated: stated is None)
    ahead: Side | None = Field(default=None, exclude_if=lambda stated: stated is None)
    turned: Turn | None = Field(default=None, exclude_if=lambda stated: stated is None)
    favours: Index | None = Field(default=None, exclude_if=lambda stated: stated is None)
    at: Date | None = None
    void: Expression | None = Field(default=None, exclude_if=lambda statement: statement is None)
    why_it_matters: str = ""
    note: str = ""
    statement: Text | None = Field(default=None, exclude_if=lambda clause: clause is None)
    short: Text | None = Field(default=None, exclude_if=lambda words: words is None)

    @model_validator(mode="after")
    def _form(self) -> Question:
        heads = [name for name in FORMS if getattr(self, name, None) is not None]
        if len(heads) != 1:
            raise ValueError(f"has {heads or 'no form'}; write exactly one of {', '.join(FORMS)}")
        if self.at is None and not self.form.deadlines():
            raise ValueError("has no deadline; write 'at', or 'by'/'until' inside 'asks'")
        if self.void and self.asks is None:
            raise ValueError("'void' goes with 'asks'; give a set of outcomes a member for it, such as 'other: true'")
        return self

    @property
    def form(self) -> Form:
        """The question in its form: its events and days, its outcomes, and how they follow from what happened."""
        head = next(name for name in FORMS if getattr(self, name, None) is not None)
        return FORMS[head](getattr(self, head), self.at, self.void)

    @property
    def deadline(self) -> dt.date:
        """The last date the question looks at."""
        return max([*self.form.deadlines(), *([self.at] if self.at else [])])

    @property
    def subject(self) -> Hashable:
        """What it is about, whatever its date: two questions that share it differ by their dates alone."""
        form = self.form
        single = form.single()
        stated = tuple(getattr(form.stated, name, None) for name in ("actor", "level", "low", "high", "edges"))
        return form.name, form.events(), form.subjects(), stated, single[2] if single else None

    def deadlines(self) -> set[dt.date]:
        """Return its deadline and the dates inside its statement."""
        return {self.deadline, *self.form.deadlines()}

    def events(self) -> tuple[str, ...]:
        """Return the ids of the events the question names, in order of appearance."""
        return self.form.events()

    def leaves(self) -> tuple[tuple[str, dt.date], ...]:
        """Return every (event, day) that it looks at, each once."""
        return tuple(dict.fromkeys(self.form.leaves()))
