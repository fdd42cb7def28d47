"""The toy's dossier with some records changed or added, without files."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from toy import toy_dossier

from forecasting.dossier.edition import Dossier
from forecasting.dossier.effects import Effect

CAUSES = tuple(f"cause-{letter}" for letter in "hgfedcbazyxwvutsrqponmlkji")


def with_table(dossier: Dossier, table: str, *records: object) -> Dossier:
    """Return a dossier with some records added to a table, or put in the place of those with their ids."""
    return replace(dossier, **{table: MappingProxyType({**getattr(dossier, table), **{one.id: one for one in records}})})


def effect(name: str = "pact-lowers-toll", **fields: object) -> Effect:
    """Return one of the toy's effects with some fields changed."""
    return toy_dossier().effects[name].model_copy(update=fields)


def with_causes(names: tuple[str, ...] = CAUSES, **fields: object) -> Dossier:
    """Return the toy with many events that act on the pact, in no order."""
    event = toy_dossier().events["toll-raised"]
    dossier = with_table(toy_dossier(), "events", *(event.model_copy(update={"id": name, **fields}) for name in names))
    return with_table(dossier, "effects", *(effect(id=f"of-{name}", from_=name, to="pact-signed", claims=()) for name in names))
