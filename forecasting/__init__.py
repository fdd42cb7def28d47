"""Scenario forecasting from what articles say: claims, base rates and history as one Bayesian event network.

    import forecasting as fc
    dossier = fc.load_dossier("priors")
    fit = fc.fit(dossier.edition("2024-12-syria"))
    fit.forecasts()

Names load on first use (PEP 562), so that checking a dossier does not wait for a compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WHERE = {
    "load_dossier": "forecasting.rules.load",
    "check_dossier": "forecasting.rules.check",
    "verify_texts": "forecasting.coding.verify",
    "read_wording": "forecasting.elicitation.wording",
    "base_rate": "forecasting.elicitation.base_rates",
    "grade_spread": "forecasting.elicitation.grades",
    "linear_pool": "forecasting.elicitation.pooling",
    "log_pool": "forecasting.elicitation.pooling",
    "extremize": "forecasting.elicitation.pooling",
    "coherent": "forecasting.elicitation.coherence",
    "maxent": "forecasting.elicitation.fitting",
    "quartile": "forecasting.elicitation.fitting",
    "roulette": "forecasting.elicitation.fitting",
    "dirichlet": "forecasting.elicitation.fitting",
    "ElicitedPrior": "forecasting.elicitation.elicited",
    "Mixture": "forecasting.elicitation.mixture",
    "mixture": "forecasting.elicitation.mixture",
    "read_prior": "forecasting.elicitation.prior_files",
    "read_mixture": "forecasting.elicitation.prior_files",
    "write_prior": "forecasting.elicitation.prior_files",
    "from_pymc": "forecasting.elicitation.in_pymc",
    "lexicon_row": "forecasting.elicitation.bridge",
    "log_hazard": "forecasting.elicitation.bridge",
    "dossier_files": "forecasting.elicitation.bridge",
    "fit": "forecasting.lab.fit",
    "Fit": "forecasting.lab.fit",
    "open_fit": "forecasting.lab.open",
    "change": "forecasting.dossier.edits",
    "what_changed": "forecasting.lab.changes",
    "panel": "forecasting.lab.panel.widget",
    "elicit": "forecasting.lab.elicit.widget",
    "prior": "forecasting.fitting.event_prior",
    "event_draws": "forecasting.lab.draws",
    "Forecast": "forecasting.lab.forecast",
    "likelihood_words": "forecasting.forecasts",
    "open_run": "forecasting.lab.open",
    "classes": "forecasting.lab.classes",
    "open_record": "forecasting.lab.record",
    "score_tables": "forecasting.lab.record",
    "show": "forecasting.lab.show",
    "trace_record": "forecasting.trace.trace",
}
# what a notebook reaches through a name of its own: fc.tables.claim_table(...)
_MODULES = {
    "articles": "forecasting.project.article",
    "asked": "forecasting.lab.asked",
    "commitments": "forecasting.elicitation.commitments",
    "figures": "forecasting.lab.figures",
    "numbers": "forecasting.report.formatting",
    "outcomes": "forecasting.lab.outcomes",
    "references": "forecasting.lab.notebooks.references",
    "sentences": "forecasting.lab.sentences",
    "tables": "forecasting.lab.tables",
    "upper_hand": "forecasting.lab.upper_hand",
    "whatif": "forecasting.lab.whatif",
}
__all__ = sorted([*_WHERE, *_MODULES, "__version__"])


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name in _MODULES:
        value = import_module(_MODULES[name])
    elif name in _WHERE:
        value = getattr(import_module(_WHERE[name]), name)
    else:
        raise AttributeError(f"module 'forecasting' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
