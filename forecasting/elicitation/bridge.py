"""From an elicited probability to the network: as a log hazard, as a row of a lexicon, as records of a dossier."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from forecasting.arguments import DIRECTION, GRADE, ID, LETTER, RECORD, takes
from forecasting.dossier.anchors import digest, make_anchor
from forecasting.dossier.wordings import Wording
from forecasting.elicitation.elicited import ElicitedPrior, build
from forecasting.elicitation.mixture import Mixture
from forecasting.elicitation.prior_files import canonical, plain_yaml
from forecasting.elicitation.wording import Direction, Reading, inverse_cloglog, read_wording
from forecasting.errors import UsageError

LEVELS = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


@dataclass(frozen=True)
class LogHazard:
    """A log hazard per year as Normal(``location``, ``spread``²), read from a probability within ``years``.

    ``misfit`` is the largest difference between the five quantiles of the probability and those that the normal
    distribution gives back.
    """

    location: float
    spread: float
    years: float
    misfit: float

    def interval(self, years: float, prob: float = 0.9) -> tuple[float, float]:
        """Return the equal-tailed interval of P(T ≤ years) under a constant hazard."""
        return Reading(self.location + float(np.log(years)), self.spread).interval(prob)

    def to_pymc(self, name: str) -> Any:
        """Return ``pm.Normal(name, location, spread)`` inside the caller's model."""
        from forecasting.elicitation.pymc_variables import normal

        return normal(name, self.location, self.spread)


@takes(prior=RECORD)
def lexicon_row(prior: ElicitedPrior) -> Wording:
    """Return the row of a lexicon that says what an analyst means by a wording of his own: the prior's id.

    The network reads a wording as a distribution over p through five quantiles; here they are those of the prior.

    Parameters
    ----------
    prior : ElicitedPrior
        Of the probability of an event (Beta or LogitNormal).

    Returns
    -------
    Wording
        Quantiles at 5, 25, 50, 75 and 95 %, to six significant digits; ``n`` = 0, as for every coder's entry.

    Raises
    ------
    UsageError
        If the prior is no probability, is a mixture (which one row would flatten), or touches 0 or 1 when rounded.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> row = lexicon_row(maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)",
    ...                          analyst="A. Analyst", made_on="2024-12-13"))
    >>> row.wording, row.p05, row.p50, row.p95
    ('deal-a', 0.0955613, 0.256396, 0.483674)
    """
    if isinstance(prior, Mixture):
        raise UsageError(f"{prior.id} is a mixture, which one row would flatten; write a row and a claim for each analyst")
    if prior.support != "probability":
        raise UsageError(f"{prior.id} is a {prior.family}, no probability of an event; elicit a Beta or a LogitNormal")
    asked = ", ".join(f"{name} {value}" for name, value in prior.asked.items())
    values = {name: float(f"{float(prior.quantile(q)):.6g}") for name, q in LEVELS.items()}
    citation = f"Elicited from {prior.analyst} on {prior.made_on} by {prior.method} ({asked}): {prior.about}"
    return build(Wording, {"wording": prior.id, **values, "n": 0, "citation": citation})


@takes(prior=RECORD)
def log_hazard(prior: ElicitedPrior) -> LogHazard:
    """Return the log hazard per year that an elicited probability within ``years`` stands for.

    cloglog P(T ≤ H) = log λ + log H, so the five quantiles of p become quantiles of log λ by cloglog(q) − log H, and a
    normal distribution is laid through them by least squares: exactly how the network reads a wording.

    Parameters
    ----------
    prior : ElicitedPrior
        Of the probability that an event happens within ``prior.years``.

    Returns
    -------
    LogHazard
        *How to read it:* exp(location) is the median hazard per year; a spread of 0.7 is a factor of two either way.

    Raises
    ------
    UsageError
        If the prior has no ``years``, or has no row in a lexicon (`lexicon_row`).

    References
    ----------
    McCullagh, P. and Nelder, J. A. (1989), *Generalized Linear Models*, 2nd ed., section 4.3.1.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> prior = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
    ...                made_on="2024-12-13", years=1)
    >>> found = log_hazard(prior)
    >>> round(found.location, 2), round(found.spread, 2), round(float(np.exp(found.location)), 2)
    (-1.28, 0.57, 0.28)
    """
    row = lexicon_row(prior)
    if prior.years is None:
        raise UsageError(f"{prior.id} has no years; elicit it with years=1 for 'within a year', and say so in about")
    reading = read_wording(row)
    z = np.array([-1.6448536, -0.6744898, 0.0, 0.6744898, 1.6448536])
    stated = np.array([row.p05, row.p25, row.p50, row.p75, row.p95])
    misfit = np.max(np.abs(inverse_cloglog(reading.location + reading.spread * z) - stated))
    return LogHazard(reading.location - float(np.log(prior.years)), reading.spread, prior.years, float(misfit))


@takes(prior=RECORD, event=ID, lexicon=ID, reliability=LETTER, credibility=GRADE, direction=DIRECTION)
def dossier_files(
    prior: ElicitedPrior, *, event: str, lexicon: str, reliability: str, credibility: Literal[1, 2, 3, 4, 5, 6],
    direction: Direction = "occurs",
) -> dict[str, str]:  # fmt: skip
    """Return the records that bring an elicited probability into a dossier, as the texts of three files.

    The elicitation is the source, its canonical file the text, and the analyst's prior the one claim in it. So it is
    graded, shares errors with what the same analyst says elsewhere, and is traced like an article.

    Parameters
    ----------
    prior : ElicitedPrior
        Of the probability that ``event`` happens (or does not) within ``prior.years``.
    event : str
        Id of the event.
    lexicon : str
        Id of the lexicon to write; add the row to the file if it is there already.
    reliability : {"A", "B", "C", "D", "E", "F"}
        Of the analyst.
    credibility : {1, 2, 3, 4, 5, 6}
        Of this statement.
    direction : {"occurs", "does-not-occur"}
        Whether the probability is that the event happens.

    Returns
    -------
    dict
        Text by path below ``priors/``: ``sources/<id>.yaml``, ``claims/<id>.yaml``, ``lexicons/<lexicon>.csv``. Keep
        the prior's own file too: `forecast verify --texts DIR` holds the claim against it.

    Raises
    ------
    UsageError
        As `log_hazard`; or if the prior's id leaves no room for the "c-" before the claim's.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> prior = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
    ...                made_on="2024-12-13", years=1)
    >>> list(dossier_files(prior, event="basing-deal", lexicon="own", reliability="B", credibility=2))
    ['sources/deal-a.yaml', 'claims/deal-a.yaml', 'lexicons/own.csv']
    """
    log_hazard(prior)
    if len(prior.id) > 62:
        raise UsageError(f"{prior.id} is too long to name a claim as well; write an id of at most 62 characters")
    row, text, who = lexicon_row(prior), canonical(prior), _slug(prior.analyst)
    anchor = make_anchor(text, 0, len(text) - 1)
    source = {
        "id": prior.id, "title": prior.about, "publisher": prior.analyst, "author": prior.analyst,
        "published_on": prior.made_on, "published_precision": "day", "published_how": "stated in the elicited prior",
        "licence": "the analyst's own statement", "origin_group": who, "kind": "statement",
        "text_file": f"{prior.id}.yaml", "text_sha256": digest(text), "text_length": len(text),
    }  # fmt: skip
    claim = {
        "id": f"c-{prior.id}", "source": prior.id, "anchor": anchor.model_dump(),
        "paraphrase": f"{prior.about}: median {row.p50:.2g}, 90 % between {row.p05:.2g} and {row.p95:.2g}.",
        "speaker": "author", "speaker_role": "analyst", "kind": "judgement", "wording": prior.id, "lexicon": lexicon,
        "target": {"event": (event,)}, "direction": direction, "horizon": {"years": prior.years, "stated": True},
        "made_on": prior.made_on, "reliability": reliability, "credibility": credibility, "origin": who,
    }  # fmt: skip
    return {
        f"sources/{prior.id}.yaml": _yaml(source, "", ""),
        f"claims/{prior.id}.yaml": _yaml(claim, "- ", "  "),
        f"lexicons/{lexicon}.csv": _csv(row),
    }


def _yaml(fields: dict[str, Any], first: str, others: str) -> str:
    return "".join(f"{others if n else first}{name}: {plain_yaml(value)}\n" for n, (name, value) in enumerate(fields.items()))


def _csv(row: Wording) -> str:
    out = io.StringIO()
    values = {name: getattr(row, name) for name in (*LEVELS, "reads", "n", "citation")}
    values = {"wording": row.wording, **values}  # a level is left out of a dump, and stands here
    fields = {name: plain_yaml(value) if isinstance(value, float) else value for name, value in values.items()}
    csv.writer(out, lineterminator="\n").writerows([fields.keys(), fields.values()])
    return out.getvalue()


def _slug(name: str) -> str:
    """Return a name as an id: whoever has one name has one origin."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:64].strip("-") or "analyst"
