"""Propose claims: the sentences of an article that say something an analyst may want to code, best first.

Every sentence gets a score: the sum of the weights of the families of wordings it holds (`forecasting.coding.cues`),
each counted once. A hedge, an outlook, news or a dated past event weighs 3; a condition, a report, a change or an amount 2; a
state, a pressure, an event, a negation, an approximation, a date or a number 1. Sentences that reach `MIN_SCORE` are proposed,
but for what an author recommends (`forecasting.coding.advice`). The
score orders the work; it is no probability, and what a sentence means is for a person to say. That a sentence may bear on
an event of the dossier is said with it, and adds nothing: words shared with a contract say little of how much it claims.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from forecasting.coding.advice import is_advice, is_vague
from forecasting.coding.attribution import Attribution, find_attribution
from forecasting.coding.bearing import EventWords
from forecasting.coding.chosen_words import choose_wording, listed_in, plain
from forecasting.coding.cues import WEIGHTS, Cue, find_cues
from forecasting.coding.dates import FoundDate, Quantity, find_dates, find_quantities
from forecasting.coding.looks import looks_like, names_amount, weighs
from forecasting.coding.news import find_news, newest_year
from forecasting.coding.past import find_dated_events
from forecasting.coding.polarity import find_likelihoods
from forecasting.coding.sentences import Sentence, joined, split_sentences
from forecasting.coding.terms import Term, find_term
from forecasting.dossier.anchors import digest, seal_of
from forecasting.dossier.claims import Anchor
from forecasting.errors import UsageError

MIN_SCORE = 4
MAX_LENGTH = 1_000_000
TOLD_EVERY = 50  # sentences between two words of progress


@dataclass(frozen=True)
class Proposal:
    """A sentence that may hold a claim, its cues, and its anchor.

    ``nth`` counts the sentences of its paragraph from 1; with it `place` names the sentence for good, whatever its rank.
    ``term`` is until when it speaks, if it says so. ``wording`` is what says how likely, at most eight words, and
    ``lexicons`` those that list it; it is left out where a negation or a doubt turns it around, and ``caution`` says so.
    ``events`` are those the sentence may bear on, and ``kind`` is what it looks like: hints, which a person decides on.
    """

    sentence: Sentence
    anchor: Anchor
    score: int
    cues: tuple[Cue, ...]
    wording: str | None
    lexicons: tuple[str, ...]
    caution: str | None
    events: tuple[str, ...]
    attribution: Attribution
    dates: tuple[FoundDate, ...]
    quantities: tuple[Quantity, ...]
    term: Term | None = None

    @property
    def place(self) -> str:
        """The place of its sentence, ``"9.2"``: unlike its rank it stays as it is while the text does."""
        return self.sentence.place

    @property
    def families(self) -> tuple[str, ...]:
        """The families of wordings that stand in the sentence, the weightiest first."""
        return tuple(sorted({cue.family for cue in self.cues}, key=lambda family: (-WEIGHTS[family], family)))

    @property
    def kind(self) -> str:
        """What the sentence looks like, by the steps of the codebook: judgement, quantity, effect, driver or fact."""
        return looks_like(joined(self.sentence.text), self.wording, self.caution, self.families, self.quantities)


def suggest_claims(
    text: str,
    lexicons: Mapping[str, Iterable[str]] | None = None,
    *,
    events: EventWords | None = None,
    published_on: dt.date | None = None,
    limit: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[Proposal, ...]:
    """Return the sentences of an article that may hold a claim, the highest score first.

    Parameters
    ----------
    text : str
        A normalised article (`forecasting.coding.texts.read.read_article`).
    lexicons : mapping of str to wordings, optional
        Lexicons by id; what they list counts as a hedge, or as an outlook where it is one.
    events : EventWords, optional
        The events of a dossier; a proposal names those it shares telling words with.
    published_on : date, optional
        The day the text appeared; makes relative dates certain.
    limit : int, optional
        How many proposals to return at the most.
    progress : callable, optional
        Called with the share of the sentences that are read, from time to time.

    Returns
    -------
    tuple of Proposal
        Ties are in the order of the text. Empty if nothing reaches the least score.

    Raises
    ------
    UsageError
        If the text is longer than a million code points.

    Examples
    --------
    >>> found = suggest_claims("Talks ended on Monday. The port may close unless a donor pays.", {"plain": ["may close"]})
    >>> [(p.score, p.wording, p.lexicons, p.anchor.start, p.anchor.end) for p in found]
    [(5, None, (), 0, 22), (5, 'may close', ('plain',), 23, 62)]
    """
    if len(text) > MAX_LENGTH:
        found = f"a text of {len(text):,} code points is no article"
        raise UsageError(f"{found}; save one article alone, at most {MAX_LENGTH:,} code points")
    reading = _Reading(_wordings(lexicons or {}), events, published_on, newest_year(text, published_on), digest(text))
    sentences, marked = split_sentences(text), []
    for n, sentence in enumerate(sentences, 1):
        marked.append((sentence, reading.cues(joined(sentence.text))))
        if n % TOLD_EVERY == 0 or n == len(sentences):
            progress(n / len(sentences))
    scored = [(score(cues), sentence, cues) for sentence, cues in marked if score(cues) >= MIN_SCORE]
    scored.sort(key=lambda row: (-row[0], row[1].start))
    return tuple(reading.proposal(sentence, cues) for _, sentence, cues in scored[:limit])


def read_sentence(
    text: str, sentence: Sentence, lexicons: Mapping[str, Iterable[str]], *,
    events: EventWords | None = None, published_on: dt.date | None = None, within: tuple[int, int] | None = None,
) -> Proposal:  # fmt: skip
    """Return one sentence of an article as `suggest_claims` reads it, whatever its score; see there for the parameters."""
    reading = _Reading(_wordings(lexicons), events, published_on, newest_year(text, published_on), digest(text))
    return reading.proposal(sentence, reading.cues(joined(sentence.text)), within)


def score(cues: Iterable[Cue]) -> int:
    """Return the sum of the weights of the families among some cues, each counted once."""
    return sum(WEIGHTS[family] for family in {cue.family for cue in cues})


def _wordings(lexicons: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return every wording with the lexicons that list it, the longest wording first."""
    listed: dict[str, list[str]] = {}
    for lexicon, wordings in sorted(lexicons.items()):
        for wording in wordings:
            listed.setdefault(wording.casefold(), []).append(lexicon)
    return {wording: tuple(listed[wording]) for wording in sorted(listed, key=lambda w: (-len(w), w))}


@dataclass(frozen=True)
class _Reading:
    """What one article is read with."""

    wordings: Mapping[str, tuple[str, ...]]
    events: EventWords | None
    published_on: dt.date | None
    year: int | None
    fingerprint: str

    def cues(self, text: str) -> tuple[Cue, ...]:
        """Return every cue of a sentence, in the order of its words."""
        cues = list(find_cues(text))
        outlooks = [cue for cue in cues if cue.family == "outlook"]
        for start, end in listed_in(text, self.wordings):
            family = "outlook" if any(cue.start < end and start < cue.end for cue in outlooks) else "hedge"
            cues.append(Cue(family, start, end, text[start:end]))
        cues += [Cue("date", found.start, found.end, found.words) for found in find_dates(text, self.published_on)]
        cues += find_dated_events(text, self.published_on)
        cues += find_news(text, self.year)
        found = find_likelihoods(text)
        cues += [Cue("hedge", item.start, item.end, item.words) for item in found if " " in item.words and weighs(plain(item))]
        quantities = tuple(find_quantities(text))
        cues += [Cue("number", one.start, one.end, text[one.start : one.end]) for one in quantities]
        if names_amount(text, quantities):
            cues.append(Cue("amount", quantities[0].start, quantities[0].end, text[quantities[0].start : quantities[0].end]))
        said_by = find_attribution(text)
        if said_by.is_quote:
            cues.append(Cue("report", 0, len(text), "quotation"))
        attributed = said_by.is_quote or said_by.speaker is not None
        if is_advice(text, attributed=attributed, dated=any(cue.family == "date" for cue in cues)) or is_vague(text):
            return ()
        return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))

    def proposal(self, sentence: Sentence, cues: tuple[Cue, ...], within: tuple[int, int] | None = None) -> Proposal:
        """Return a sentence as a proposal; words that say how likely are looked for ``within`` a part of it first."""
        sha256, place = digest(sentence.text), (sentence.start, sentence.end, sentence.paragraph)
        seal = seal_of(self.fingerprint, *place, sha256)
        whole = joined(sentence.text)
        span = within if whole == sentence.text else None  # broken words put together move what follows them
        wording, caution = choose_wording(whole, self.wordings, span)
        return Proposal(
            sentence=sentence,
            anchor=Anchor(start=sentence.start, end=sentence.end, sha256=sha256, paragraph=sentence.paragraph, seal=seal),
            score=score(cues),
            cues=cues,
            wording=wording,
            lexicons=self.wordings.get(wording or "", ()),
            caution=caution,
            events=self.events.near(sentence.text) if self.events else (),
            attribution=find_attribution(sentence.text),
            dates=tuple(find_dates(sentence.text, self.published_on)),
            quantities=tuple(find_quantities(sentence.text)),
            term=find_term(joined(sentence.text), self.published_on),
        )
