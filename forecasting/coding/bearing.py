"""Which events a sentence may bear on: those whose title and contract share telling words with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forecasting.dossier.events import Event
from forecasting.rules.circular_reporting import tokens

MIN_BEARING = 1.5
MAX_EVENTS = 3


@dataclass(frozen=True)
class EventWords:
    """The words of every event, and how telling each word is: ln((N + 1) / n) for one that n of N events have."""

    words: Mapping[str, frozenset[str]]
    weights: Mapping[str, float]

    def near(self, sentence: str) -> tuple[str, ...]:
        """Return the ids of up to three events that a sentence may bear on, the nearest first.

        The nearness of an event with the words W to a sentence with the words S is

            Σ weight(w) over w in S ∩ W, divided by √|W|

        and at least 1.5 is asked for. It is a hint about words, blind to meaning.

        References
        ----------
        Spärck Jones, K. (1972). "A statistical interpretation of term specificity": rare words weigh more.
        """
        said = tokens(sentence)
        near = {
            name: sum(self.weights[word] for word in words & said) / math.sqrt(len(words))
            for name, words in self.words.items()
            if words
        }
        best = sorted(near, key=lambda name: (-near[name], name))
        return tuple(name for name in best if near[name] >= MIN_BEARING)[:MAX_EVENTS]


def event_words(events: Iterable[Event]) -> EventWords:
    """Return the words of some events: of title, what counts, and the status quo."""
    words = {e.id: tokens(f"{e.title} {e.resolution.counts} {e.resolution.status_quo}") for e in events}
    counts = Counter(word for found in words.values() for word in found)
    return EventWords(words, {word: math.log((len(words) + 1) / n) for word, n in counts.items()})
