"""Is a set of typed probabilities coherent, and if not, which coherent set is nearest? Shown beside it, never in its place.

Probabilities are coherent if some joint distribution π over the possible worlds has them (de Finetti). Where none has, the
nearest is the one that minimises the relative entropy to what was typed, summed over what was typed:

    F(π) = Σ_k v_k π(B_k) KL(r_k ‖ p_k),     r_k = π(A_k | B_k),

with π(B_k) = 1 for a statement without a condition. A set of which exactly one member happens is one forecast: its term is
Σ_i r_i log(r_i / p_i) − r_i + p_i. These are the divergences of the logarithmic score by which such forecasts are judged
(a conditional one is called off where its condition fails), and that gives the result its meaning: in *every* world the
coherent set scores better than the typed one, by at least F nats.

References
----------
de Finetti, B. (1974), *Theory of Probability*, vol. 1, chapter 3 (coherence; called-off bets).
Predd, J. B., Seiringer, R., Lieb, E. H., Osherson, D. N., Poor, H. V. and Kulkarni, S. R. (2009), *Probabilistic coherence
and proper scoring rules*, IEEE Trans. Inf. Theory 55 (the nearest coherent set scores better in every world).
Coletti, G. and Scozzafava, R. (2002), *Probabilistic Logic in a Coherent Setting*, chapters 11-12 (conditions that could
only be given probability zero are judged among themselves).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.arguments import LIST, NAMED, as_number, shown, takes
from forecasting.elicitation.projection import TOLERANCE, Typed, nearest, possible
from forecasting.elicitation.statements import Statement, parse_statement, permitted_worlds
from forecasting.errors import UsageError, near


@dataclass(frozen=True)
class Coherence:
    """What was typed, the nearest coherent probabilities beside it, and how far apart they are.

    ``cost`` is F in nats. Where no number was held fixed, the coherent set scores better by at least that much (in the
    logarithmic score, weighted by trust), whatever happens. ``p`` and ``typed`` have one number per statement.
    """

    statements: tuple[str, ...]
    typed: tuple[float, ...]
    p: tuple[float, ...]
    cost: float
    coherent: bool
    fixed: tuple[str, ...] = ()

    def __getitem__(self, statement: str) -> float:
        """Return the coherent probability of a statement that was typed."""
        if statement not in self.statements:
            raise UsageError(f"no statement {statement!r}; {near(statement, self.statements, 'typed were')}")
        return self.p[self.statements.index(statement)]

    def __repr__(self) -> str:
        width = max(len("statement"), *map(len, self.statements))
        head = "coherent: some joint distribution has all of these"
        if not self.coherent:
            scores = f"whatever happens, the nearest coherent set scores better, by {self.cost:.3g} nats or more"
            near_by = f"the nearest coherent set that keeps {', '.join(self.fixed)} is {self.cost:.3g} nats away"
            head = f"NOT coherent: {near_by if self.fixed else scores}"
        lines = [head, f"  {'statement':<{width}}  typed  coherent"]
        for name, typed, p in zip(self.statements, self.typed, self.p, strict=True):
            moved = "" if abs(p - typed) <= TOLERANCE else f"  {100 * (p - typed):+.1f} points"
            lines.append(f"  {name:<{width}}  {typed:5.3f}     {p:5.3f}{moved}")
        return "\n".join(lines)


@takes(typed=NAMED, one_of=LIST, exclusive=LIST, implies=LIST, trust=NAMED)
def coherent(
    typed: Mapping[str, float],
    *,
    one_of: Sequence[Sequence[str]] = (),
    exclusive: Sequence[Sequence[str]] = (),
    implies: Sequence[Sequence[str]] = (),
    trust: Mapping[str, float] | None = None,
) -> Coherence:
    """Say whether typed probabilities are coherent, and which coherent ones are nearest.

    Parameters
    ----------
    typed : mapping of str to float
        Statement → probability strictly between 0 and 1. Statements name events of your choice and join them: ``"A"``,
        ``"not A"``, ``"A and B"``, ``"A or B"``, ``"A given B"`` (also ``"A | B"``), with brackets.
    one_of : sequence of sets of events
        Of each set exactly one happens (scenarios that leave nothing out). Members typed by themselves are judged as one
        forecast of the set; if only their sum is wrong, all keep their proportions.
    exclusive : sequence of sets of events
        Of each set at most one happens.
    implies : sequence of chains of events
        Whenever one happens, so does the next: ``["by-2025", "by-2026"]`` for nested deadlines, ``["border-open",
        "talks"]`` for stages in order.
    trust : mapping of str to float, optional
        Statement → weight above 0 (1 where not given): a number with weight 3 counts as if three analysts had typed it;
        ``math.inf`` holds it fixed.

    Returns
    -------
    Coherence
        Typed and coherent numbers side by side. *How to read it:* if it is coherent nothing was changed; if not, no
        world exists in which the typed numbers would have scored as well. Which of them to change is still the analyst's
        call: the nearest set is a proposal.

    Raises
    ------
    UsageError
        If a number is not inside (0, 1), a statement cannot be read, is true in every permitted world or in none, a name
        in another argument was never typed in a statement, or the fixed numbers contradict each other.

    References
    ----------
    de Finetti, B. (1974), *Theory of Probability*, vol. 1, chapter 3; Predd, J. B. et al. (2009), *Probabilistic coherence
    and proper scoring rules*, IEEE Trans. Inf. Theory 55 (the nearest coherent set scores better in every world).

    Examples
    --------
    >>> coherent({"war": 0.5, "truce": 0.4, "peace": 0.3}, one_of=[["war", "truce", "peace"]])
    NOT coherent: whatever happens, the nearest coherent set scores better, by 0.0177 nats or more
      statement  typed  coherent
      war        0.500     0.417  -8.3 points
      truce      0.400     0.333  -6.7 points
      peace      0.300     0.250  -5.0 points
    >>> coherent({"deal": 0.6, "exit given deal": 0.1, "deal and exit": 0.06}).coherent
    True
    """
    texts = tuple(typed)
    asked = _read(typed, one_of, exclusive, implies, trust or {})
    numbers = tuple(asked.p.tolist())
    if possible(asked):
        return Coherence(texts, numbers, numbers, 0.0, True)
    fixed = np.flatnonzero(np.isinf(asked.weight))
    if not possible(asked.only(fixed)):
        held = ", ".join(f"{texts[k]} = {numbers[k]:g}" for k in fixed)
        raise UsageError(f"the fixed numbers contradict each other: {held}; give at least one of them a finite trust")
    p, cost = nearest(asked)
    return Coherence(texts, numbers, tuple(p.tolist()), cost, False, tuple(texts[k] for k in fixed))


def _read(
    typed: Mapping[str, float], one_of: Sequence[Sequence[str]], exclusive: Sequence[Sequence[str]],
    implies: Sequence[Sequence[str]], trust: Mapping[str, float],
) -> Typed:  # fmt: skip
    """Return the typed numbers over the permitted worlds, or say what is wrong with them."""
    if not isinstance(typed, Mapping) or not typed:
        raise UsageError(f'typed is {typed!r}; write statements with their probabilities: {{"A": 0.3, "not A": 0.7}}')
    statements = [parse_statement(text) for text in typed]
    names = list(dict.fromkeys(name for statement in statements for name in statement.events()))
    groups = {"one_of": one_of, "exclusive": exclusive, "implies": implies}
    for label, sets in groups.items():
        for group in sets:
            _known(label, group, names)
    worlds = permitted_worlds(names, one_of, exclusive, implies)
    true = [statement.what.truth(worlds.events) for statement in statements]
    given = [statement.given.truth(worlds.events) if statement.given else np.ones(len(worlds), bool) for statement in statements]
    for statement, what, condition in zip(statements, true, given, strict=True):
        _undecided(statement, what, condition)
    whole = [set(group) for group in one_of if set(group) <= set(typed)]
    return Typed(
        p=np.array([_probability(text, p) for text, p in typed.items()]),
        weight=np.array(_weights(tuple(typed), trust)),
        both=(np.array(true) & np.array(given)).astype(float),
        given=np.array(given).astype(float),
        in_set=np.array([any(text in group for group in whole) for text in typed]),
    )


def _known(label: str, group: Sequence[str], names: Sequence[str]) -> None:
    if isinstance(group, str) or len(group) < 2:
        raise UsageError(f'{label} holds {shown(group)}; write sets of two or more events: {label}=[["A", "B"]]')
    for name in group:
        if name not in names:
            raise UsageError(f"{label} names '{name}', of which no statement speaks; {near(name, names, 'events')}")


def _undecided(statement: Statement, true: np.ndarray, given: np.ndarray) -> None:
    """Refuse a statement that no probability strictly between 0 and 1 fits."""
    if not given.any():
        raise UsageError(f"statement {statement.text!r}: its condition can never be met; leave it out")
    share = true[given].mean()
    if share in (0, 1):
        never = "can never be true" if share == 0 else "is always true"
        raise UsageError(f"statement {statement.text!r} {never} by one_of, exclusive and implies; leave it out")


def _probability(text: str, p: float) -> float:
    number = as_number(p)
    if number is None or not 0 < number < 1:
        fix = "write a number strictly between 0 and 1; what is certain goes into one_of, exclusive or implies"
        raise UsageError(f"statement {text!r} has probability {shown(p)}; {fix}")
    return number


def _weights(texts: tuple[str, ...], trust: Mapping[str, float]) -> list[float]:
    for text, weight in trust.items():
        if text not in texts:
            raise UsageError(f"trust names {text!r}, which was not typed; {near(text, texts, 'typed were')}")
        number = as_number(weight)
        if number is None or not number > 0:
            raise UsageError(f"trust in {text!r} is {shown(weight)}; write a number above 0, or math.inf to hold it fixed")
    return [as_number(trust.get(text, 1.0)) or 1.0 for text in texts]
