"""What an elicitation shows, as plain values that a page can draw: pure functions over priors and what is asked."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np

from forecasting.elicitation.asked import METHODS
from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.families import FAMILIES
from forecasting.forecasts import likelihood_words, percent
from forecasting.lab.elicit.axis import Axis
from forecasting.lab.elicit.handles import Answers, Handle, digits, handles, quantity
from forecasting.lab.elicit.picture import parts, picture
from forecasting.lab.elicit.signature import Signature
from forecasting.lab.elicit.steps import Steps, step_words
from forecasting.report.formatting import short_day

UNFORESEEN = "this could not be done, for a reason that nobody foresaw; the prior is as it was"
STARTING = "PreliZ is starting: about ten seconds, once in a session; move on, the last position will be fitted"
UNMET = "what is asked now is not met; undo the last move, or move on until it is"
BIG = 5  # steps that an arrow key takes together with Shift
HOW = {
    "maxent": "a range (maxent)", "quartile": "quartiles", "roulette": "chips (roulette)",
    "dirichlet": "likeliest shares (dirichlet)",
}  # fmt: skip
HINTS = {
    "maxent": "Drag an end of the range, or type it.", "quartile": "Drag a quartile, or type it.",
    "roulette": "Drag a bar up or down, or press where its top should be.",
    "dirichlet": "Drag a border between two shares, or type a share.",
}  # fmt: skip
LEVELS = {"Median": (0.5,), "50 % interval": (0.25, 0.75), "90 % interval": (0.05, 0.95)}


def families(prior: ElicitedPrior) -> list[str]:
    """Return the families that can be fitted to what a prior was asked by, where the quantity lives.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> families(maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal)", analyst="A. Analyst", made_on="2024-12-13"))
    ['Beta', 'LogitNormal']
    """
    return [name for name in METHODS[prior.method].families if FAMILIES[name].support == prior.support]


def head_view(first: ElicitedPrior) -> dict[str, Any]:
    """Return what the elicitation is about, and whose prior it begins with."""
    within = f"; horizon {_years(first.years)}" if first.years is not None else ""
    note = f"{first.id} by {first.analyst}, {short_day(first.made_on)}; asked for {HOW[first.method]}{within}"
    return {"about": first.about, "note": note, "method": first.method, "was": f"was: {first.id}", "hint": HINTS[first.method]}


def _years(years: float) -> str:
    return "1 year" if years == 1 else f"{years:g} years"


def handles_view(prior: ElicitedPrior, answers: Answers, axis: Axis, most: int) -> list[dict[str, Any]]:
    """Return the handles with how far and by what steps they go, and how each reads."""
    return [_handle(one, prior, answers, axis) for one in handles(prior, answers, most)]


def _handle(handle: Handle, prior: ElicitedPrior, answers: Answers, axis: Axis) -> dict[str, Any]:
    step = {"chips": 1.0, "mass": 0.01, "bound": 0.005}.get(handle.field, axis.step)
    low, high = handle.low(step), handle.high(step)
    if handle.drawn and handle.field != "chips":  # a handle on the axis stays on it; beyond its end there is the field beside it
        low, high = (value if np.isfinite(end) else digits(edge) for value, end, edge in (
            (low, handle.over, axis.low), (high, handle.under, axis.high)))  # fmt: skip
    percents = handle.field != "chips" and (prior.support in ("probability", "simplex") or handle.field in ("mass", "bound"))
    return {
        "field": handle.field, "at": handle.at, "label": handle.label, "value": handle.value, "low": low, "high": high,
        "step": step, "big": digits(BIG * step), "base": handle.base, "drawn": handle.drawn, "scale": 100 if percents else 1,
        "shown": shown(handle, prior, answers), "words": said(handle, prior, answers),
    }  # fmt: skip


def shown(handle: Handle, prior: ElicitedPrior, answers: Answers) -> str:
    """Return a handle's value as it reads."""
    if handle.field == "chips":
        return f"{handle.value:g}"
    return quantity(handle.value, "probability" if handle.field in ("mass", "bound") else prior.support)


def said(handle: Handle, prior: ElicitedPrior, answers: Answers) -> str:
    """Return a handle's value with what it means, as a screen reader says it."""
    value = shown(handle, prior, answers)
    if handle.field == "chips":
        total = sum(answers["chips"])
        return f"{value} of {total:g} chips" + (f", {percent(handle.value / total)}" if total else "")
    if handle.field == "mode" and handle.at is not None:
        after = quantity(answers["mode"][handle.at + 1], "simplex")
        return f"{value}, which leaves {after} to {prior.outcomes[handle.at + 1]}"
    return f"{value}, {handle.meaning}"


def answer_view(first: ElicitedPrior, now: ElicitedPrior) -> dict[str, Any]:
    """Return the mean to quote, then the rest of what the distribution says, as it is and as it was."""
    if now.support == "simplex":
        return {"quote": "", "words": "", "was": "", "rows": [], "outcomes": _outcomes(first, now)}
    mean, old = float(now.mean()), float(first.mean())
    probability = now.support == "probability"
    quote = percent(mean) if probability else quantity(mean, now.support)
    words = likelihood_words(mean) if probability and now.years is not None else ""
    rows = [_row("Mean", _mean(first), _mean(now))]
    rows += [_row(label, _quantiles(first, levels), _quantiles(now, levels)) for label, levels in LEVELS.items()]
    if now.years is not None:
        rows.append(_row("Hazard per year", hazard(old, now.years), hazard(mean, now.years), note="−log(1 − mean)/years"))
    limit = f"in probability, at most {100 * METHODS[now.method].limit:g} points"
    rows.append(_row("Largest miss of what was asked", miss_words(first), miss_words(now), note=limit))
    was = percent(old) if probability else quantity(old, now.support)
    what = "the mean: the probability to quote" if probability else "the mean"
    return {
        "quote": quote,
        "words": words,
        "what": what,
        "was": f"was {was}" if was != quote else "",
        "rows": rows,
        "outcomes": [],
    }


def _row(label: str, was: str, now: str, note: str = "") -> dict[str, Any]:
    return {"label": label, "now": now, "was": was, "note": note, "changed": was != now}


def _mean(prior: ElicitedPrior) -> str:
    return quantity(float(prior.mean()), prior.support)


def _quantiles(prior: ElicitedPrior, levels: tuple[float, ...]) -> str:
    return range_words([float(x) for x in prior.quantile(list(levels))], prior)


def range_words(ends: list[float], prior: ElicitedPrior) -> str:
    """Return a quantile or an interval; the unit stands once.

    Probabilities are in whole per cent, and to two digits where they are small.
    """
    whole = prior.support in ("probability", "simplex")
    texts = [quantity(round(end, 2) if whole and 0.1 <= end <= 0.99 else float(f"{end:.2g}") if whole and end < 0.1 else end,
                      prior.support) for end in ends]  # fmt: skip
    if len(texts) == 2 and texts[0].endswith(" %"):
        texts[0] = texts[0].removesuffix(" %")
    return " to ".join(texts)


def hazard(p: float, years: float) -> str:
    """Return the constant hazard per year under which an event happens within some years with a probability.

    Examples
    --------
    >>> hazard(0.27, 1.0)
    '0.315'
    """
    return f"{-math.log1p(-p) / years:.3g}"


def miss_words(prior: ElicitedPrior) -> str:
    """Return how far a prior is off what was asked.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> miss_words(maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal)", analyst="A. Analyst", made_on="2024-12-13"))
    '0.0 points'
    """
    return f"{100 * prior.miss:.1f} points"


def _outcomes(first: ElicitedPrior, now: ElicitedPrior) -> list[dict[str, str]]:
    half, most = (now.quantile(list(LEVELS[name])) for name in ("50 % interval", "90 % interval"))
    return [
        {
            "name": f"{n + 1} {name}", "mean": percent(float(now.mean()[n])), "was": percent(float(first.mean()[n])),
            "half": range_words(half[n].tolist(), now), "most": range_words(most[n].tolist(), now),
        }
        for n, name in enumerate(now.outcomes)
    ]  # fmt: skip


def parts_words(now: ElicitedPrior, answers: Answers, family: str) -> str:
    """Return what was asked and what came of it, part by part."""
    if now.method == "roulette":
        return f"{sum(answers['chips']):g} chips; the curve is the {family} nearest to them, in chips per bin."
    if now.method == "dirichlet":
        asked = f"within {100 * answers['bound']:.3g} points of its place with {percent(answers['mass'])}, on average"
        return f"Asked: each share lies {asked}. The Dirichlet is off that by {miss_words(now)}."
    if now.method == "quartile":
        first, second, third, fourth = (f"{100 * share:.1f}" for _, share in parts(now, answers))
        return f"Of the {family} {first}, {second}, {third} and {fourth} % lie in the four parts, where 25 % each were asked."
    found = ", ".join(f"{100 * share:.1f} % {words}" for words, share in parts(now, answers))
    return f"The {family} has {found}."


def steps_view(first: ElicitedPrior, steps: Steps) -> list[dict[str, str]]:
    """Return the steps in words, each with what it moved."""
    priors = [first, *(step.prior for step in steps)]
    return [
        {"words": step_words(before, after), "moved": moved_words(before, after)} for before, after in itertools.pairwise(priors)
    ]


def moved_words(before: ElicitedPrior, after: ElicitedPrior) -> str:
    """Return how a step moved the mean, or that of the share it moved most."""
    was, now = np.atleast_1d(before.mean()), np.atleast_1d(after.mean())
    n = int(np.argmax(np.abs(now - was)))
    of = f" of {after.outcomes[n]}" if after.outcomes else ""
    old, new = (quantity(float(value[n]), after.support) for value in (was, now))
    return f"mean{of} {old} becomes {new}" if old != new else f"mean{of} stays at {new}"


def form_view(by: Signature, resets: int, folder: Path | None) -> dict[str, Any]:
    """Return the fields of the new prior's signature, and where it can be written."""
    return {
        "id": by.id, "analyst": by.analyst, "reason": by.reason, "resets": resets,
        "folder": f"{folder}" if folder is not None else "",
    }  # fmt: skip


def picture_view(first: ElicitedPrior, now: ElicitedPrior, answers: Answers, axis: Axis, most: int) -> dict[str, Any]:
    """Return the picture with its handles."""
    return {"picture": picture(first, now, answers, axis, most), "handles": handles_view(now, answers, axis, most)}
