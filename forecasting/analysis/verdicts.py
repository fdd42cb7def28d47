"""What an answer depends on, in a word and in a sentence, from what power-scaling measured of each part.

References
----------
Kallioinen, N., Paananen, T., Bürkner, P.-C. and Vehtari, A. (2024), *Detecting and diagnosing prior and likelihood
sensitivity with power-scaling*, Statistics and Computing 34 (the bound 0.05, and what to conclude).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forecasting.forecasts import percent

SENSITIVE, NOISE_FACTOR = 0.05, 2.0
AGAINST, CONFLICT = 0.1, 0.7  # pulls, in standard deviations per doubling
MOVED = 0.05  # so far from its base rate an answer cannot be said to depend on nothing
PARTS = {
    "base": "the base-rate prior",
    "grades": "the grades of effects, drivers and facts",
    "claims": "the judgements",
    "facts": "the reported facts",
    "history": "the history",
}
# facts are not asked for a conflict: how strong they are was stated, and a strong one that goes against a rate does its work
OPPOSED = (("conflict", CONFLICT, ("claims", "history")), ("against", AGAINST, ("claims", "facts", "history")))


def matters(size: float, noise: float) -> bool:
    """Return whether a sensitivity counts: from 0.05, and from twice what the measure gives where there is nothing."""
    return size >= SENSITIVE and size >= NOISE_FACTOR * noise


def verdict(
    measured: Mapping[str, tuple[float, float, float]], base_p: float = float("nan"), p: float = float("nan")
) -> tuple[str, str]:
    """Return what an answer depends on, as a code and in words, from (sensitivity, noise, pull) of each part.

    A part counts from a sensitivity of 0.05 that is twice its noise. Then, the first that holds:

    - *settled*: no part moves the answer at all;
    - *together*: no part counts alone, but the answer ``p`` lies five points or more from what the base rates gave it,
      ``base_p``;
    - *neither*: no part counts;
    - *conflict*: base rate and claims (or history) count, pull opposite ways, and each by 0.7 or more;
    - *against*: base rate and claims, facts or history count and pull opposite ways by 0.1 or more: a compromise;
    - *shared*: several parts count;
    - *base*, *grades*, *claims*, *facts* or *history*: it alone counts.

    Examples
    --------
    >>> verdict({"base": (0.21, 0.01, -0.4), "claims": (0.03, 0.01, 0.1)})
    ('base', 'driven by the base-rate prior')
    >>> verdict({"base": (0.09, 0.01, 0.2), "claims": (0.09, 0.01, -0.3)})[0]
    'against'
    """
    if all(size == 0 for size, _, _ in measured.values()):
        return "settled", "settled: no weight on any part changes it"
    order = sorted(measured.items(), key=lambda item: -item[1][0])
    counts = {name: pull for name, (size, noise, pull) in order if matters(size, noise)}
    if not counts:
        if abs(p - base_p) >= MOVED:
            alone = "none alone, given a quarter more or less weight, moves it much"
            moved = f"all of them took it from {percent(base_p)} to {percent(p)}"
            return "together", f"driven by all parts together: {alone}, but {moved}"
        return "neither", "driven by no single part: none of them, given more or less weight, moves it much"
    for code, least, several in OPPOSED:
        for data in several:
            pulls = (counts.get("base", 0.0), counts.get(data, 0.0))
            if min(map(abs, pulls)) >= least and pulls[0] * pulls[1] < 0:
                up, down = ([PARTS[name] for name, pull in counts.items() if sign * pull >= AGAINST] for sign in (1, -1))
                head = "prior–data conflict" if code == "conflict" else "a compromise"
                return code, f"{head}: more weight on {_listed(up)} raises it, more on {_listed(down)} lowers it"
    return (next(iter(counts)) if len(counts) == 1 else "shared"), f"driven by {_listed([PARTS[name] for name in counts])}"


def _listed(named: Sequence[str]) -> str:
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"

