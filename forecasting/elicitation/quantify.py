"""Turn the words, grades and counts of an edition into numbers: once, here, before any model sees them.

Models, trace and report take the rows of `quantify`, so that what is printed is what entered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np

from forecasting.dossier.claim_kinds import CLAIM_KINDS
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.effects import Driver, Effect, Loading
from forecasting.dossier.events import Occasion
from forecasting.dossier.lexicons import find_wording
from forecasting.elicitation.base_rates import class_shape
from forecasting.elicitation.facts import LIKELIHOOD_RATIO, read_fact, read_signal
from forecasting.elicitation.grades import LOADING_SPREAD, grade_spread, graded, scale_citation, strength
from forecasting.elicitation.learned import corrected
from forecasting.elicitation.life_tables import time_shape
from forecasting.elicitation.numbers import Number, Quantified
from forecasting.elicitation.special import betaincinv
from forecasting.elicitation.wording import cloglog, event_reads, read_wording, through_quantiles

MASS, HAZARD_RATIO = "log cumulative hazard", "log hazard ratio"
BOUNDS = {"level": "", "at_least": ", as a floor", "at_most": ", as a ceiling"}
CERTAIN = 6.0  # a log cumulative hazard whose probability is one: 1 − exp(−e⁶) falls short of it by 10⁻¹⁷⁵


@lru_cache(maxsize=64)
def quantify(edition: EditionDossier) -> Quantified:
    """Return every number that the records of an edition stand for; of the same edition, the same object.

    Parameters
    ----------
    edition : EditionDossier
        Only what bears on its events is read: other records may be faulty.

    Returns
    -------
    Quantified
        Look at ``.table``. A reading of 0.33 ± 0.28 on the scale *log cumulative hazard* stands for the probability
        1 − exp(−exp(0.33)) = 75 %.

    Raises
    ------
    UsageError
        If a lexicon lacks a wording, or ``grades.csv`` a grade.

    Examples
    --------
    >>> import forecasting as fc
    >>> numbers = quantify(fc.load_dossier("priors").edition("2024-12-syria"))
    >>> numbers.table.groupby("kind").size().index.tolist()[:3]
    ['driver', 'effect', 'fact']
    """
    return Quantified((
        *_claims(edition), *_signals(edition), *_effects(edition), *_occasions(edition), *_loadings(edition), *_classes(edition),
    ))  # fmt: skip


def _claims(edition: EditionDossier) -> Iterator[Number]:
    events, drivers = set(edition.event_ids), {driver.id for driver in edition.drivers}
    learned = edition.dossier.learned.get(edition.edition.learned or "", ())
    for claim in edition.claims:
        known = events & set(claim.target.event or ()) or drivers & {claim.target.driver}
        if known and (number := read_claim(edition.dossier, claim)):
            yield corrected(number, claim, learned) if claim.kind == "judgement" else number


def read_claim(dossier: Dossier, claim: Claim) -> Number | None:
    """Return what a judgement, a fact or a claim about a driver stands for; None for a claim that is no number of its own."""
    read = CLAIM_KINDS[claim.kind].read and not claim.moves_nothing
    return READERS[claim.kind](dossier, claim) if read else None


def read_judgement(dossier: Dossier, claim: Claim) -> Number:
    """Return the log cumulative hazard over a claim's horizon that its wording stands for.

    The spread is that of the words, with that of the two grades added in squares. ``reads`` is how the words bound the
    probability of the event itself: by the claim if it says so, else by the lexicon, mirrored where they are said of the
    event's not happening.
    """
    lexicon, direction = claim.lexicon or "", claim.direction
    wording = find_wording(claim.wording or "", dossier.lexicons[lexicon], lexicon)
    words, grades = read_wording(wording, direction), grade_spread(dossier.grades, claim)  # type: ignore[arg-type]
    reads = event_reads(claim.reads or wording.reads, direction)  # type: ignore[arg-type]
    said = f"{'' if direction == 'occurs' else ', of its not happening'}{BOUNDS[reads]}"
    return Number(
        "judgement", claim.id, (claim.id,), claim.target.event or (), words.location, float(np.hypot(words.spread, grades)), MASS,
        f'"{claim.wording}" in lexicon {lexicon}{said}; {graded(claim)} adds {grades:.2f}', wording.citation, words.spread,
        reads=reads,
    )  # fmt: skip


def read_driver(dossier: Dossier, claim: Claim) -> Number:
    """Return where a claim sees a driver: a strength of ×g reads as ±log g standard deviations of the pressure."""
    ratio, grades = strength(dossier.grades, claim.grade or "", claim.direction or ""), grade_spread(dossier.grades, claim)
    read = f"a {claim.grade} sign that {claim.direction} it; {graded(claim)} adds {grades:.2f}"
    return Number(
        "driver", claim.id, (claim.id,), (claim.target.driver or "",), ratio.mean, float(np.hypot(ratio.sd, grades)),
        "sd of the pressure", read, scale_citation(dossier.grades, "strength"), ratio.sd,
    )  # fmt: skip


def _signals(edition: EditionDossier) -> Iterator[Number]:
    for position, row in enumerate(edition.history):
        if row.what == "signal":
            ratio, read = read_signal(edition.dossier, row)
            name, about = f"history-{position}", (row.event,)
            yield Number("signal", name, (), about, ratio.mean, ratio.sd, LIKELIHOOD_RATIO, read, row.source, ratio.sd)


def _effects(edition: EditionDossier) -> Iterator[Number]:
    for effect in edition.effects:
        claims = tuple(c.id for c in edition.claims if c.id in effect.claims or effect.id in (c.target.effect or ()))
        mean, sd, read = effect_strength(edition.dossier, effect)
        scale = MASS if effect.acts in ("leads_to", "implies") else HAZARD_RATIO
        yield Number("effect", effect.id, claims, (effect.from_, effect.to), mean, sd, scale, read, effect.why, sd)


def effect_strength(dossier: Dossier, effect: Effect) -> tuple[float, float, str]:
    """Return what an effect stands for, with its spread, and how it is read.

    The log ratio of one that multiplies, zero for one that enables or blocks; the log cumulative hazard of the probability
    that the target follows, read of its wording as a judgement's is.
    """
    if effect.acts == "implies":
        return CERTAIN, 0.0, "implies it: exact, at the same moment"
    if effect.acts == "leads_to":
        lexicon = effect.lexicon or ""
        words = read_wording(find_wording(effect.wording or "", dossier.lexicons[lexicon], lexicon))
        read = f'leads to it, "{effect.wording}" in lexicon {lexicon}, after {effect.lag_years:g} years in the mean'
        return words.location, words.spread, read
    if effect.acts != "multiplies":
        return 0.0, 0.0, f"{effect.acts} it: exact, without a ratio"
    ratio = strength(dossier.grades, effect.grade or "", effect.sign or "")
    return ratio.mean, ratio.sd, f"{effect.sign} it, {effect.grade} (×{math.exp(ratio.mean):.3g})"


def _occasions(edition: EditionDossier) -> Iterator[Number]:
    for event in edition.events:
        for occasion in event.occasions:
            yield read_occasion(edition.dossier, event.id, occasion)


def read_occasion(dossier: Dossier, event: str, occasion: Occasion) -> Number:
    """Return the log cumulative hazard of a day: of its wording, or of a class counted per trial, whose members differ.

    Of a class it is the normal distribution through the quantiles of its Beta, as of a wording through those of a lexicon.
    """
    name = f"{event}:{occasion.on}"
    if occasion.reference_class:
        counted = read_class(dossier, occasion.reference_class)
        a, b = class_shape(dossier.reference_classes[occasion.reference_class], dossier.relatives(occasion.reference_class))
        shares = betaincinv(a, b, (0.05, 0.25, 0.5, 0.75, 0.95))
        words = through_quantiles(cloglog(shares))
        spread = float(np.hypot(words.spread, counted.spread))
        return Number("occasion", name, (), (event,), words.location, spread, MASS, counted.read, counted.why, words.spread)
    lexicon = occasion.lexicon or ""
    words = read_wording(find_wording(occasion.wording or "", dossier.lexicons[lexicon], lexicon))
    read = f'"{occasion.wording}" in lexicon {lexicon}'
    return Number("occasion", name, (), (event,), words.location, words.spread, MASS, read, occasion.why, words.spread)


def _loadings(edition: EditionDossier) -> Iterator[Number]:
    known = set(edition.event_ids)
    for driver in edition.drivers:
        yield from (_loading(edition, driver, loading) for loading in driver.loadings if loading.event in known)


def _loading(edition: EditionDossier, driver: Driver, loading: Loading) -> Number:
    mean = strength(edition.dossier.grades, loading.grade, loading.sign).mean
    claims = tuple(claim.id for claim in edition.claims if claim.target.driver == driver.id)
    return Number(
        "loading", loading_id(driver.id, loading.event), claims, (driver.id, loading.event), mean, LOADING_SPREAD,
        f"{HAZARD_RATIO} per sd of the pressure", f"{loading.sign} it, {loading.grade}", driver.why, LOADING_SPREAD,
    )  # fmt: skip


def loading_id(driver: str, event: str) -> str:
    """Return the id of a driver's loading on an event."""
    return f"{driver}:{event}"


def _classes(edition: EditionDossier) -> Iterator[Number]:
    chosen = {event.reference_class for event in edition.events}
    rivals = {name for event in edition.events for name in event.rivals}
    for name in sorted(chosen | rivals):
        yield read_class(edition.dossier, name)
        if table := read_life_table(edition.dossier, name):
            yield table


def read_class(dossier: Dossier, class_id: str) -> Number:
    """Return a class as counted: Gamma(shape, rate) of its rate, or Beta(a, b), and how much its members differ."""
    record = dossier.reference_classes[class_id]
    first, second = class_shape(record, dossier.relatives(class_id))
    yearly = record.unit == "year"
    location = math.log(first / second) if yearly else float(cloglog(first / (first + second)))
    borrowed = f", borrowing from {', '.join(record.borrows)}" if record.borrows else ""
    return Number(
        "reference-class", class_id, (), (class_id,), location, record.spread,
        "log hazard per year" if yearly else "cloglog of the probability per trial",
        f"{record.events:g} in {record.exposure:g} {record.unit}s{borrowed}", record.citation, record.spread, (first, second),
    )  # fmt: skip


def read_life_table(dossier: Dossier, class_id: str) -> Number | None:
    """Return the log Weibull shape of a class whose hazard changes with age, or None if it has no life table."""
    record = dossier.reference_classes[class_id]
    if (shape := time_shape(record)) is None:
        return None
    read = f"a life table of {len(record.life_table)} intervals over {shape.years:g} years"
    return Number(
        "life-table", class_id, (), (class_id,), shape.log_shape, shape.log_shape_sd, "log Weibull shape", read,
        record.life_table[0].citation, shape.log_shape_sd, years=shape.years,
    )  # fmt: skip


# a function for every kind of claims that is a number of its own
READERS: dict[str, Callable[[Dossier, Claim], Number]] = {"judgement": read_judgement, "fact": read_fact, "driver": read_driver}
