"""Hold the shipped survey figures against readers who were not fitted: coverage and log score, model and two rivals.

python -m benchmarks.lexicons --data DIR, with the raw files of both surveys in DIR; takes a second.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from forecasting.elicitation.coverage import coverage_lines
from forecasting.elicitation.surveys import FILES, PREDICTIONS, folds, read_predictions, read_survey


def main() -> None:
    """Print one block for each survey."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lexicons", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the raw files of the surveys")
    folder = parser.parse_args().data
    for name in FILES:
        survey = read_survey(folder, name)
        print("\n".join(coverage_lines(survey, read_predictions(PREDICTIONS, survey), folds(survey))))


if __name__ == "__main__":
    main()
