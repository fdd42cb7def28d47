"""Ask questions of simulated paths: yes/no statements, stages reached, members of a scenario set."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.dossier.status import years_between
from forecasting.errors import UsageError
from forecasting.paths.simulate import Paths

EPS = 1e-9
INTERVAL, HALF = 0.9, 0.5  # central shares of what is not known of the hazards that intervals hold


@dataclass(frozen=True)
class Answer:
    """P(outcome | draw) for each outcome of a question.

    ``p`` has dims (draw, outcome). ``noise`` (draw, outcome) is the variance that a finite number of paths adds to each,
    whether hits are counted or the hazard is integrated along the paths; its mean over draws is what counts. It is zero
    where the answer is exact on every draw: no uncertain cause acts on its event.
    """

    outcomes: tuple[str, ...]
    titles: tuple[str, ...]
    p: np.ndarray
    noise: np.ndarray

    def __repr__(self) -> str:
        means = ", ".join(f"{name} {mean:.3f}" for name, mean in zip(self.outcomes, self.p.mean(axis=0), strict=True))
        return f"<Answer: {means}; mean of {len(self.p):,} draws>"

    def interval(self, outcome: int, share: float = INTERVAL) -> tuple[float, float]:
        """Return the central interval of one outcome over what is not known of the hazards (`epistemic_draws`).

        It holds 90 % unless another ``share`` is asked.
        """
        spread = epistemic_draws(self.p[:, outcome], self.noise[:, outcome])
        low, high = np.quantile(np.clip(spread, 0, 1), [(1 - share) / 2, (1 + share) / 2])
        return float(low), float(high)


def when(paths: Paths, event_id: str) -> np.ndarray:
    """Return when an event happens, in years from the as-of date, inf if not before the end (draw, path)."""
    return paths.times[:, :, paths.world.event_ids.index(event_id)]


def happened(paths: Paths, event_id: str, by: dt.date) -> np.ndarray:
    """Return whether an event has happened by the end of a day (draw, path)."""
    return when(paths, event_id) <= years_between(paths.world.as_of, by) + EPS


@dataclass(frozen=True)
class PathHappenings:
    """What happens on simulated paths, (draw, path) each."""

    paths: Paths

    def happened(self, event: str, by: dt.date) -> np.ndarray:
        """Return on which paths an event has happened by the end of a day."""
        return happened(self.paths, event, by)

    def before(self, event: str, other: str) -> np.ndarray:
        """Return on which paths an event happens earlier than another, at whatever time."""
        return when(self.paths, event) < when(self.paths, other)


def _integrated(paths: Paths, event_id: str, day: dt.date, occurs: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return P(the event happens by a day | draw), or that it does not, from the integrated hazard, and its noise."""
    k, n_draws = paths.world.event_ids.index(event_id), paths.times.shape[0]
    t = years_between(paths.world.as_of, day)
    if np.isfinite(paths.world.occurred[k]):
        survival, noise = np.full(n_draws, float(paths.world.occurred[k] > t)), 0.0
    else:
        at = int(np.argmin(np.abs(paths.grid - t)))
        if abs(paths.grid[at] - t) > 1e-6:
            raise ValueError(f"{day} is not on the grid of the simulation; simulate to every deadline")
        survival, noise = paths.survival[:, k, at], float(paths.survival_noise[k, at])
    return 1 - survival if occurs else survival, np.broadcast_to(noise, n_draws)


def counted(hits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean over paths and the variance that counting adds to it."""
    n = hits.shape[1]
    p = hits.mean(axis=1)
    return p, p * (1 - p) / max(n - 1, 1)


def outcome_hits(paths: Paths, question: Question) -> list[tuple[str, np.ndarray]]:
    """Return, per outcome of a question, on which paths it comes about (draw, path).

    They are those of the question's form (`forecasting.dossier.forms`): exclusive, and one of them comes about.
    """
    return question.form.outcomes(PathHappenings(paths))


def valid_hits(paths: Paths, question: Question) -> tuple[list[tuple[str, np.ndarray]], np.ndarray]:
    """Return the outcomes of `outcome_hits` other than *void*, and on which paths the question is not void (draw, path)."""
    hits = dict(outcome_hits(paths, question))
    void = hits.pop(VOID, np.zeros(paths.times.shape[:2], bool))
    return list(hits.items()), ~void


def linearised(hits: np.ndarray, valid: np.ndarray, weight: np.ndarray | float = 1.0) -> np.ndarray:
    """Return, per path, R + (hit − R·valid) / E[valid], where R = E[hit] / E[valid]: its mean is the ratio R.

    Its spread over paths and draws is that of the ratio to first order; if every path is valid it is ``hits`` itself.

    Parameters
    ----------
    hits, valid : ndarray
        Of bool, (draw, path); no hit where not valid.
    weight : ndarray, optional
        Of the paths, with mean one.

    References
    ----------
    Cochran, W. G. (1977), *Sampling Techniques*, 3rd ed., section 6.4.
    """
    mean = (weight * valid).mean()
    ratio = (weight * hits).mean() / mean
    return ratio + (hits - ratio * valid) / mean


def _unless_void(paths: Paths, question: Question) -> Answer:
    """Return P(yes | not void), and P(void) beside it.

    The answer is E[P(yes, not void | θ)] / E[P(not void | θ)], a ratio of means: draws under which the question is likelier
    to be void count less.
    """
    [(_, yes)], valid = valid_hits(paths, question)
    if not valid.any():
        raise UsageError(f"question {question.id} is void on every path; leave it out, or mend 'void'")
    found, (void, counting) = linearised(yes, valid), counted(~valid)
    noise = found.var(axis=1) / max(yes.shape[1] - 1, 1)
    p = np.stack([found.mean(axis=1), void], axis=1)
    return Answer(("yes", VOID), ("yes", question.form.titles()[VOID]), p, np.stack([noise, counting], axis=1))


def answer(paths: Paths, question: Question) -> Answer:
    """Return the probability of every outcome of a question, draw by draw; those of `outcome_hits`, summing to one.

    Of a question that can be void: P(yes | not void), and P(void).
    """
    if question.void:
        return _unless_void(paths, question)
    if single := question.form.single():
        p, noise = _integrated(paths, *single)
        return Answer(("yes",), ("yes",), p[:, None], noise[:, None])
    hits = outcome_hits(paths, question)
    tallies = [counted(found) for _, found in hits]
    names = tuple(name for name, _ in hits)
    titles = question.form.titles()
    return Answer(
        names,
        tuple(titles.get(name, name) for name in names),
        np.stack([p for p, _ in tallies], axis=1),
        np.stack([v for _, v in tallies], axis=1),
    )


def epistemic_draws(p: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return P(outcome | θ) with the spread that a finite number of paths added taken out again.

    ``p`` is (draw, …), and ``noise`` the same or its mean over draws, (1, …). Var(p̂) = Var(p) + E[noise], so
    p̄ + (p̂ − p̄)·√(1 − E[noise]/Var(p̂)) has the variance of p itself. Without this the interval over what is not known of
    the hazards would also hold the noise of a few dozen paths.

    References
    ----------
    Sun, Y., Apley, D. W. and Staum, J. (2011), *Efficient nested simulation for estimating the variance of a conditional
    expectation*, Operations Research 59.
    """
    total, centre = p.var(axis=0), p.mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        keep = np.where(total > 0, np.sqrt(np.maximum(0.0, 1 - noise.mean(axis=0) / total)), 1.0)
    return centre + (p - centre) * keep
