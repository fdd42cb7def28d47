"""What the forms about the upper hand share: a theatre of a balance, and no event of the network."""

from __future__ import annotations

from forecasting.dossier.fields import Id, Record
from forecasting.dossier.forms.base import Form


class Side(Record):
    """One of the two actors of a balance, in one theatre or at large."""

    balance: Id
    actor: Id


class OfBalance(Form):
    """A form that is about who has the upper hand.

    Its outcomes ask ``seen.told(day, value)``: what is written with the question itself, once it was known.
    """

    model = "balance"

    def events(self) -> tuple[str, ...]:
        """Return nothing: no event of the network is named."""
        return ()

    def subjects(self) -> tuple[str, ...]:
        """Return the theatre, or the balance at large."""
        return (self.stated.balance,)
