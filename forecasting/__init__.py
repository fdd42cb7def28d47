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
    "read_dossier": "forecasting.dossier.load",
    "check_dossier": "forecasting.rules.check",
    "verify_texts": "forecasting.coding.verify",
    "read_wording": "forecasting.elicitation.wording",
    "base_rate": "forecasting.elicitation.base_rates",
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
    "new_salt": "forecasting.elicitation.commitments",
    "commit": "forecasting.elicitation.commitments",
    "reveal": "forecasting.elicitation.commitments",
    "commit_file": "forecasting.elicitation.commitments",
    "reveal_file": "forecasting.elicitation.commitments",
    "check_reveals": "forecasting.elicitation.commitments",
    "build_network": "forecasting.models.network.build",
    "compile_network": "forecasting.models.network.engine",
    "check_fit": "forecasting.inference.gate",
    "fit": "forecasting.lab.fit",
    "Fit": "forecasting.lab.fit",
    "open_fit": "forecasting.lab.open",
    "change": "forecasting.dossier.edits",
    "update": "forecasting.analysis.what_if",
    "what_changed": "forecasting.lab.changes",
    "prior": "forecasting.fitting.event_prior",
    "Forecast": "forecasting.lab.forecast",
    "likelihood_words": "forecasting.forecasts",
    "read_run": "forecasting.runs.store",
    "open_run": "forecasting.lab.open",
    "show": "forecasting.lab.show",
    "trace_record": "forecasting.trace.trace",
    "claim_influence": "forecasting.analysis.influence",
}
__all__ = sorted([*_WHERE, "__version__"])


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _WHERE:
        raise AttributeError(f"module 'forecasting' has no attribute '{name}'")
    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
