"""Every table of a run, listed once: its columns, who computes it, how long that takes, what it shows.

What a run writes and in which order, the progress shown meanwhile, the attributes of `forecasting.runs.store.Run` and the
page ``docs/run-tables.md`` all follow from `ANALYSES`. To add an analysis, write its module in this folder and add its entry
here. The module takes its columns from its entry (`columns_of`); it is imported when its table is computed and no sooner,
because a run is read back without any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from forecasting.errors import FileError, ForecastingError, SamplingStopped, UnfinishedError

if TYPE_CHECKING:
    import pandas as pd

    from forecasting.dossier.edition import EditionDossier
    from forecasting.fitting.fit import EditionFit

Progress = Callable[[str, float], None]
CHANGE = "question outcome p p_without change mcse k_hat how"


@dataclass(frozen=True)
class Analysis:
    """One table of a run.

    Parameters
    ----------
    name : str
        Of the table: ``<name>.csv`` in a run's folder, ``run.<name>`` of a run read back.
    title : str
        What the table shows.
    columns : tuple of str
        In their order. A table with others is neither written nor read back.
    compute : str
        "module.function" within `forecasting.analysis`. Called with the fit, it returns the table, or None where there is
        nothing to ask and the entry is ``optional``.
    doing : str
        The stage of progress that it is part of.
    cost : float
        About how many seconds it takes for a shipped edition on two cores: its share of the progress.
    shared : bool
        Whether ``compute`` also takes the `forecasting.analysis.context.Context`: comparisons that several analyses ask
        for, made once, and whom to tell the share of the work that is done.
    dates : tuple of str
        Columns that hold days.
    optional : bool
        Whether an edition may have no such table.
    asked : str
        Of which editions alone it is asked: those with a ``previous`` one, or those that ask the further model of this name.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    compute: str
    doing: str
    cost: float
    shared: bool = False
    dates: tuple[str, ...] = ()
    optional: bool = False
    asked: str = ""

    def checked(self, table: pd.DataFrame, where: str) -> pd.DataFrame:
        """Return a table that has the columns listed here, in their order, and at most ``gate`` besides.

        Raises
        ------
        ForecastingError
            If it has others.
        """
        self.check_columns(table.columns, where)
        return table

    def check_columns(self, columns: Iterable[str], where: str) -> None:
        """Refuse a table by the names of its columns, as `checked` does."""
        # a fit that did not pass the gate says so in a column of its own (`forecasting.forecasts.marked`)
        if found := _difference(self.columns, tuple(name for name in columns if name != "gate")):
            raise ForecastingError(f"{where}: table '{self.name}' {found}; its columns are listed in analysis/registry.py")

    def asks(self, edition: EditionDossier) -> bool:
        """Return whether an edition is one of those of which this is asked."""
        return not self.asked or (bool(edition.edition.previous) if self.asked == "previous" else self.asked in edition.further)

    def table(self, fit: EditionFit, report: Callable[[float], None], context: object) -> pd.DataFrame | None:
        """Compute the table of a fit."""
        module, _, function = self.compute.rpartition(".")
        compute = getattr(import_module(f"forecasting.analysis.{module}"), function)
        report(0.0)
        found = compute(fit, context) if self.shared else compute(fit)
        report(1.0)
        if found is None and not self.optional:
            raise ForecastingError(f"analysis '{self.name}' returned no table, and an edition may not be without it")
        return None if found is None else self.checked(found, self.compute)


def _difference(wanted: tuple[str, ...], found: tuple[str, ...]) -> str:
    """Return how the columns of a table differ from those listed; empty if they do not."""
    lacking, more = [name for name in wanted if name not in found], [name for name in found if name not in wanted]
    said = [f"lacks {', '.join(lacking)}"] if lacking else []
    said += [f"has {', '.join(more)} besides"] if more else []
    return " and ".join(said) or ("" if wanted == found else f"has its columns in another order ({', '.join(found)})")


def _entry(name: str, columns: str, compute: str, doing: str, cost: float, title: str, **more: object) -> Analysis:
    return Analysis(name, title, tuple(columns.split()), compute, doing, cost, **more)  # type: ignore[arg-type]


LEAVING, SUMMING = "leaving claims out", "summing up the draws"
ANALYSES: tuple[Analysis, ...] = (
    _entry(
        "layers", "question outcome layer mean q05 q25 q50 q75 q95", "summaries.layer_table", SUMMING, 0.2,
        "quantiles of P(outcome | θ) under base rates, with claims, with history",
    ),
    _entry(
        "events", "event layer hazard_median hazard_low hazard_high p_1y p_1y_low p_1y_high", "summaries.event_table", SUMMING,
        0.3, "marginal hazards per year as of the as-of date, and the probability within a year",
    ),
    _entry(
        "curves", "event layer date p low high", "summaries.curve_table", SUMMING, 0.1, "P(T ≤ t) of every event over time",
        dates=("date",),
    ),
    _entry(
        "gate", "criterion worst value bound passed fix", "summaries.gate_table", SUMMING, 0.0,
        "the criteria of the gate, with what was found and where it was worst",
    ),
    _entry(
        "influence", f"claim pathway {CHANGE}", "influence.claim_influence", LEAVING, 5.0,
        "how far each claim moves each answer: the answer less the answer without the claim", shared=True,
    ),
    _entry(
        "sources", f"source {CHANGE}", "influence.source_influence", "leaving sources out", 1.0,
        "the same for each source, as if it had been retracted", shared=True,
    ),
    _entry(
        "origins", f"origin n_claims {CHANGE}", "influence.origin_influence", "leaving origins out", 2.0,
        "the same for each origin: whoever said it first, in whichever source it stands", shared=True,
    ),
    _entry(
        "exposure", "question outcome p p_without change mcse how", "survived_exposure.survived_exposure",
        "leaving event-free exposure out", 0.5, "how far it moves each answer that nothing happened for so long", shared=True,
    ),
    _entry(
        "sensitivity", "question outcome part sensitivity noise counts pull points alpha k_hat verdict words",
        "power_scaling.sensitivity", "scaling prior and likelihood", 4.0,
        "how each answer moves when base rates, grades, claims, facts or history are given more or less weight",
    ),
    _entry(
        "conflicts", "event kind n expected found z p verdict words", "prior_data_conflict.conflicts",
        "scaling prior and likelihood", 0.2, "history against class and claims, claims against the class",
    ),
    _entry(
        "classes", "event reference_class chosen bound base_p base_low base_high question outcome p mcse k_hat how",
        "reference_classes.rival_classes", "trying rival classes", 3.0,
        "what each event's reference class and each of its rivals gives", shared=True,
    ),
    _entry(
        "assumptions", "edition assumption p mcse at_least at_most met n_paths words", "assumptions.assumption_table",
        SUMMING, 0.2,
        "whether each assumption that is held of the edition is met, with what is held of it",
    ),
    _entry(
        "watch", "question by event p_event p_if mcse_p_if p_if_not expected_change information_bits", "suppositions.watch_table",
        SUMMING, 1.0,
        "what each answer would be if an event were seen by half-way to its deadline, and if it were not", dates=("by",),
    ),
    _entry(
        "changes", "question outcome part change mcse", "change_decomposition.change_table",
        "comparing with the previous edition", 8.0, "what changed since the previous edition, if one is named", shared=True,
        optional=True, asked="previous",
    ),
    _entry(
        "two_models", "question outcome relation p mcse network_p network_mcse base_p network_base_p gap verdict",
        "two_models.two_models", "asking both models", 0.5,
        "sides of an index that events of the network stand for, as the balance alone and as the network answers them",
        optional=True, asked="balance",
    ),
    _entry(
        "upper_hand", "question outcome p p_without p_with change mcse error k_hat reading spread", "upper_hand.upper_hand",
        "asking both models", 4.0,
        "answers with the balance in the place of the claims about the same pressure, and without either",
        optional=True, asked="balance",
    ),
)  # fmt: skip
LISTED: Mapping[str, Analysis] = {analysis.name: analysis for analysis in ANALYSES}


PAGE = """\
# The files of a run

`runs/<edition>/` holds one `.csv` for each table below, and besides

- `manifest.json`: edition, as-of date, seed, command, package versions, and digests of all records and of every file;
- `forecasts.json`: every forecast with its outcomes (the record to quote); `forecasts.csv` is the same as a table;
  of the probabilities that fit the evidence `low_50` and `high_50` bound the middle half, `low` and `high` 90 % (schema 4);
- `posterior.nc`: the draws of the three layers (groups `base`, `prior`, `posterior`);
- `answers.nc`: P(outcome | draw) of every question and the curves, so that a fit read back simulates nothing;
- six files for each model that answers questions beside the event network, named after it: `counts_posterior.nc` and
  `counts_answers.nc` like those two, `counts_readings.csv` (what was read), `counts_influence.csv` (what each observation
  moves, left out alone), `counts_bands.csv` and `counts_points.csv` (its picture). `run.further["counts"]` holds the tables.

In Python the tables are attributes: `fc.open_run("2024-12-syria").curves`. Probabilities and their changes are fractions;
`mcse` is the Monte Carlo standard error of the number before it, `k_hat` the shape of the tail of importance weights, and `how`
says whether a number comes from weights or from a refit. A forecast without something is `p_without`, and `change` is
`p` − `p_without`. This page is written from `forecasting/analysis/registry.py`.
"""


def columns_of(name: str) -> tuple[str, ...]:
    """Return the columns of a table.

    Examples
    --------
    >>> columns_of("curves")
    ('event', 'layer', 'date', 'p', 'low', 'high')
    """
    return LISTED[name].columns


def tables_of(fit: EditionFit, progress: Progress = lambda stage, share: None) -> dict[str, pd.DataFrame]:
    """Return every table of a fit by name, in the order listed; parameters and errors as of `each_table`."""
    return dict(each_table(fit, progress))


def plain_tables(fit: EditionFit) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables that sum up the draws and compare with no other fit: what is asked of draws that the gate blocks."""
    for analysis in ANALYSES:
        if analysis.doing == SUMMING and (found := analysis.table(fit, lambda share: None, None)) is not None:
            yield analysis.name, found


def each_table(fit: EditionFit, progress: Progress = lambda stage, share: None) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every table of a fit with its name, in the order listed, each as soon as it is computed.

    Parameters
    ----------
    progress : callable, optional
        Called with a stage and the share of all tables that is done, each counted by its cost.

    Raises
    ------
    UnfinishedError
        If an analysis fails, or returns other columns than those listed; it says which.
    """
    from forecasting.analysis.context import Context

    progress("drawing for comparisons", 0.0)
    with step("drawing for comparisons"):
        context = Context.of(fit)
    asked = [analysis for analysis in ANALYSES if analysis.asks(fit.edition)]
    total, done = sum(analysis.cost for analysis in asked), 0.0
    for analysis in asked:

        def report(share: float, analysis: Analysis = analysis, done: float = done) -> None:
            progress(analysis.doing, (done + analysis.cost * share) / total)

        with step(f"the analysis '{analysis.name}'"):
            found = analysis.table(fit, report, replace(context, report=report))
        if found is not None:
            yield analysis.name, found
        done += analysis.cost


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say which step of a run failed, whatever went wrong in it.

    Raises
    ------
    UnfinishedError
        Instead of any exception but those that stop a command or speak of the disk.
    """
    try:
        yield
    except (FileError, SamplingStopped, OSError):
        raise
    except Exception as error:
        said = str(error) if isinstance(error, ForecastingError) else f"{type(error).__name__}: {error}"
        raise UnfinishedError(f"{name} failed ({said})") from error


def tables_page() -> str:
    """Return ``docs/run-tables.md``: every table of a run with what it shows and its columns."""
    rows = [f"| `{one.name}.csv` | {one.title} | {', '.join(f'`{name}`' for name in one.columns)} |" for one in ANALYSES]
    return f"{PAGE}\n| file | what it shows | columns |\n|---|---|---|\n" + "\n".join(rows) + "\n"
