"""Read the sentence that a quotation stands in as `forecast suggest` reads it, whether or not that would propose it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from forecasting.coding.bearing import EventWords, event_words
from forecasting.coding.sentences import Sentence, split_sentences
from forecasting.coding.suggest import Proposal, read_sentence
from forecasting.dossier.anchors import paragraph_at
from forecasting.dossier.claims import Anchor
from forecasting.dossier.edition import Dossier


def lexicons_of(dossier: Dossier | None) -> dict[str, list[str]]:
    """Return the wordings of each lexicon; those that it lists as no judgement of likelihood are left out."""
    listed = dossier.lexicons.items() if dossier else ()
    return {name: [words for words, entry in table.items() if not entry.instead] for name, table in listed}


def events_of(dossier: Dossier | None) -> EventWords | None:
    """Return the words of a dossier's events, by which a sentence is held to bear on one."""
    return event_words(dossier.events.values()) if dossier else None


def read_quotation(
    text: str, anchor: Anchor, lexicons: Mapping[str, list[str]], *,
    events: EventWords | None = None, published_on: dt.date | None = None,
) -> Proposal:  # fmt: skip
    """Return what is read in the sentence of a quotation, with the quotation's own anchor.

    A wording is looked for in the quotation first. A denial counts wherever it stands in the sentence: in "It would be a mistake
    to think the truce will hold" the words "the truce will hold" are not what is said.

    Parameters
    ----------
    text : str
        The normalised text of the article.
    anchor : Anchor
        Where the quotation stands in it (`forecasting.dossier.anchors.find_quote`).
    lexicons : mapping of str to wordings
        Lexicons by id.
    events : EventWords, optional
        The events of a dossier; those that the sentence may bear on are named.
    published_on : date, optional
        The day the text appeared.

    Examples
    --------
    >>> from forecasting.dossier.anchors import find_quote
    >>> text = "Talks ended. The port may close, though the ferry is unlikely to stop, Amara Ode said."
    >>> found = read_quotation(text, find_quote(text, "the ferry is unlikely to stop").anchor, {"plain": ["unlikely", "may"]})
    >>> found.kind, found.wording, found.attribution.speaker, found.place
    ('judgement', 'unlikely', 'Amara Ode', '1.2')
    """
    sentence = sentence_around(text, anchor)
    span = (anchor.start - sentence.start, anchor.end - sentence.start)
    found = read_sentence(text, sentence, lexicons, events=events, published_on=published_on, within=span)
    return replace(found, anchor=anchor)


def sentence_around(text: str, anchor: Anchor) -> Sentence:
    """Return the sentence that a span stands in, or the sentences from its first to its last; a headline is its own line."""
    over = [one for one in split_sentences(text) if one.start < anchor.end and anchor.start < one.end]
    if not over:
        start = text.rfind("\n", 0, anchor.start) + 1
        end = text.find("\n", anchor.end)
        end = len(text) if end < 0 else end
        return Sentence(text[start:end], start, end, paragraph_at(text, anchor.start))
    start, end = min(over[0].start, anchor.start), max(over[-1].end, anchor.end)
    return replace(over[0], text=text[start:end], start=start, end=end)
