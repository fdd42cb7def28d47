"""One elicitation at work: it takes messages, has a prior fitted to what is asked, keeps the steps, and shows what it has.

What a message does to what is asked is decided at once. The fit is made in a thread, of the newest position alone: one that came
and went while another was fitted is never fitted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.fitting import fit_prior
from forecasting.elicitation.prior_files import canonical, write_prior
from forecasting.errors import UsageError, near
from forecasting.lab.elicit import view
from forecasting.lab.elicit.axis import axis_of
from forecasting.lab.elicit.handles import Answers, handles, most_chips, moved
from forecasting.lab.elicit.message import Message
from forecasting.lab.elicit.signature import Signature, next_id, signed, trial_fields
from forecasting.lab.elicit.steps import Steps, advanced, as_known, key, key_of, last, let_go
from forecasting.lab.parts.following import Following
from forecasting.lab.parts.text import FEWEST_WORDS


@dataclass(frozen=True)
class Asking:
    """What is asked and not met: being fitted, or ``refused`` with the reason."""

    family: str
    answers: Answers
    held: bool = False
    refused: str = ""


@dataclass(frozen=True)
class State:
    """The steps, what is asked beyond them, what was typed of the new prior's signature, and what was last said."""

    steps: Steps = ()
    asking: Asking | None = None
    by: Signature = field(default_factory=Signature)
    said: str = ""
    failed: str = ""
    yaml: str = ""
    token: str = ""


class Session(Following):
    """An elicitation of one prior; ``show`` gets its view."""

    thread, unforeseen = "forecasting-elicit", view.UNFORESEEN

    def __init__(self, first: ElicitedPrior, show: Callable[[dict[str, Any]], object], *, folder: Path | None = None) -> None:
        super().__init__(show)
        self.first, self.folder = first, folder
        self._starts = first.method != "maxent"  # all but maxent fit with PreliZ, which brings a compiler
        self._written: dict[Any, ElicitedPrior] = {}
        self._resets, self._most = 0, most_chips(first)
        self._axis = axis_of(first, first, first.asked)
        self.state = State(by=Signature(id=next_id(first.id, folder)))

    @property
    def prior(self) -> ElicitedPrior:
        """The prior as it stands: the first one, one that was written, or one that is signed as far as the form says."""
        with self._lock:
            now = self._now()
            if now is self.first:
                return now
            if key_of(now) in self._written:
                return self._written[key_of(now)]
            try:
                return signed(now, self.first, self.state.by, dt.date.today())
            except UsageError:
                return now

    def _done(self, message: Any) -> State:
        actions: dict[str, Callable[[Message], State]] = {
            "show": lambda said: self.state, "set": self._set, "family": self._family, "sign": self._sign, "undo": self._undo,
            "clear": lambda said: replace(self.state, steps=(), asking=None), "yaml": self._yaml, "write": self._write,
        }  # fmt: skip
        said = Message.of(message)
        self.state = replace(self.state, token=said.token or self.state.token)
        return actions[said.do](said)

    # what messages do

    def _now(self) -> ElicitedPrior:
        return last(self.first, self.state.steps)

    def _asked(self) -> tuple[str, Answers]:
        asking, now = self.state.asking, self._now()
        return (asking.family, asking.answers) if asking else (now.family, now.asked)

    def _set(self, said: Message) -> State:
        family, answers = self._asked()
        return self._ask(
            family, moved(handles(self.first, answers, self._most), answers, said.field, said.at, said.value), said.held
        )

    def _family(self, said: Message) -> State:
        known = view.families(self.first)
        if said.family not in known:
            raise UsageError(
                f"{self.first.method} cannot be fitted to '{said.family}' here; {near(said.family, known, 'it takes')}"
            )
        return self._ask(said.family, self._asked()[1], held=False)

    def _ask(self, family: str, answers: Answers, held: bool) -> State:
        """Return the state in which something is asked; what was met before needs no fit."""
        known = as_known(self.first, self.state.steps, key(family, answers))
        if known is None:
            return replace(self.state, asking=Asking(family, dict(answers), held))
        return replace(self.state, asking=None, steps=advanced(self.first, self.state.steps, known, held))

    def _sign(self, said: Message) -> State:
        return replace(self.state, by=Signature.typed(said.id, said.analyst, said.reason))

    def _undo(self, said: Message) -> State:
        if self.state.asking is None and not self.state.steps:
            raise UsageError("nothing is changed; move a handle first")
        steps = let_go(self.state.steps) if self.state.asking else self.state.steps[:-1]
        return replace(self.state, asking=None, steps=steps)

    def _new(self) -> ElicitedPrior:
        """Return the changed prior as it would be kept."""
        if self.state.asking is not None:
            raise UsageError(view.UNMET)
        now = self._now()
        if now is self.first:
            raise UsageError("this is the prior that it began with; move a handle first")
        return self._written.get(key_of(now)) or signed(now, self.first, self.state.by, dt.date.today())

    def _yaml(self, said: Message) -> State:
        return replace(self.state, yaml=canonical(self._new()), said="Copied as YAML.")

    def _write(self, said: Message) -> State:
        if self.folder is None:
            raise UsageError(
                "this elicitation writes nothing; open it with fc.elicit(prior, folder=…), or copy the prior as YAML"
            )
        new = self._new()
        if key_of(new) in self._written:
            raise UsageError(f"this is written already, as {new.id}")
        path = write_prior(new, self.folder / f"{new.id}.yaml")
        self._written[key_of(new)] = new
        self._resets += 1  # the next change is a prior of its own, which needs its own id and reason
        by = Signature(id=next_id(new.id, self.folder), analyst=self.state.by.analyst)
        return replace(self.state, by=by, said=f"Written to {path}")

    # fits that follow

    def _settle(self, message: Any = None) -> None:
        """Fit the axis to what is shown, once nobody holds a handle on it."""
        asking, steps = self.state.asking, self.state.steps
        if not (asking and asking.held) and not (steps and steps[-1].held):
            self._axis = axis_of(self._now(), self.first, self._asked()[1])

    def _unmet(self) -> Asking | None:
        asking = self.state.asking
        return asking if asking is not None and not asking.refused else None

    def _waits(self) -> bool:
        return self._starts or self._unmet() is not None

    def _taken_back(self) -> State:
        self._starts = False
        said = "this could not be fitted, for a reason that nobody foresaw; the prior is as it was"
        return replace(self.state, asking=None, failed=said)

    def _step(self) -> str:
        """Load what fits, or fit what is asked now."""
        with self._lock:
            asking, starts = self._unmet(), self._starts
        if starts:
            self._fitted(Asking(self.first.family, self.first.asked))
            with self._lock:
                self._starts = False
        elif asking is not None:
            found = self._fitted(asking)
            with self._lock:
                if self.state.asking is asking:  # else a newer position came meanwhile, and this one is past
                    self.state = self._after(asking, found)
                    self._settle()
        return "fitted"

    def _fitted(self, asking: Asking) -> ElicitedPrior | str:
        try:
            return fit_prior(self.first.method, asking.family, asking.answers, trial_fields(self.first, dt.date.today()))
        except UsageError as error:
            return str(error)

    def _after(self, asking: Asking, found: ElicitedPrior | str) -> State:
        if isinstance(found, str):
            # let go where nothing fits, a drag leaves the prior from before it: where it passed by, nobody stopped
            steps = self.state.steps if asking.held else let_go(self.state.steps)
            return replace(self.state, asking=replace(asking, refused=found), steps=steps)
        return replace(self.state, asking=None, steps=advanced(self.first, self.state.steps, found, asking.held))

    # what is shown

    def view(self) -> dict[str, Any]:
        """Return all that the page draws, as plain values."""
        with self._lock:
            state, now, asking = self.state, self._now(), self.state.asking
            family, answers = self._asked()
            waits = self._unmet() is not None
            written = self._written.get(key_of(now))
            return {
                **view.head_view(self.first), "families": view.families(self.first), "family": family,
                **view.picture_view(self.first, now, answers, self._axis, self._most),
                "answer": view.answer_view(self.first, now),
                "parts": "" if asking else view.parts_words(now, answers, now.family),
                "steps": view.steps_view(self.first, state.steps),
                "form": view.form_view(state.by, self._resets, self.folder),
                "written": f"written as {written.id}" if written and now is not self.first else "",
                "waits": waits, "starts": view.STARTING if self._starts else "",
                "refused": asking.refused if asking else "", "token": "" if waits else state.token,
                "said": state.said, "failed": state.failed, "yaml": state.yaml, "fewest_words": FEWEST_WORDS,
            }  # fmt: skip
