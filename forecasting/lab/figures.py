"""Every figure of a notebook: `fc.figures`. Each knows its message, which `fc.show` gives as alternative text."""

from __future__ import annotations

from forecasting.lab.behind import moves_of, rivals_of
from forecasting.lab.probability_lines import Move, Rival, influence_figure, rivals_figure, scores_figure
from forecasting.lab.ridges import Ridge, normal_draws, ridge_figure
from forecasting.lab.whatif import moves_if
from forecasting.report.figures import (
    curve_figure,
    layers_figure,
    outcomes_figure,
    questions_figure,
    scenario_figure,
)
from forecasting.report.network import network_figure
from forecasting.report.reliability import reliability_figure
from forecasting.report.ribbons import ribbon_figure

__all__ = [
    "Move",
    "Ridge",
    "Rival",
    "curve_figure",
    "influence_figure",
    "layers_figure",
    "moves_if",
    "moves_of",
    "network_figure",
    "normal_draws",
    "outcomes_figure",
    "questions_figure",
    "reliability_figure",
    "ribbon_figure",
    "ridge_figure",
    "rivals_figure",
    "rivals_of",
    "scenario_figure",
    "scores_figure",
]
