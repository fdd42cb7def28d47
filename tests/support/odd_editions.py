"""The small dossier asked oddly: one question, sixty, titles of 300 letters, names written from right to left."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType

from forecasting.dossier.edition import EditionDossier, select_edition

LONG = "Will the harbour office of the town at the far end of the strait, " * 4 + "in the end, say yes to the ferry?"
UNBROKEN = "Gesellschaftsvertragsverlängerungsverhandlungsprotokoll" * 3
HEBREW, ARABIC = "האם תיחתם האמנה עד סוף 2025?", "هل ستوقع المعاهدة قبل نهاية 2025؟"
TITLES = (LONG, UNBROKEN, HEBREW, ARABIC, "Կկնքվի՞ արդյոք պայմանագիրը", "Будет ли подписан договор?")


def asked_oddly(edition: EditionDossier, n: int) -> EditionDossier:
    """Return an edition that asks ``n`` yes/no questions, under odd titles in turn, in as many themes as there are titles."""
    dossier = edition.dossier
    pattern = next(question for question in edition.questions if question.asks)
    made = {
        f"odd-{i}": pattern.model_copy(
            update={"id": f"odd-{i}", "title": TITLES[i % len(TITLES)], "theme": TITLES[i % len(TITLES)][:60]}
        )
        for i in range(n)
    }
    own = edition.edition.model_copy(update={"questions": tuple(made), "title": HEBREW + " " + LONG})
    changed = dataclasses.replace(
        dossier,
        questions=MappingProxyType({**dossier.questions, **made}),
        editions=MappingProxyType({**dossier.editions, own.id: own}),
    )
    return select_edition(changed, own)
