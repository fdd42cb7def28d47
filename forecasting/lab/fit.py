"""A fit as a notebook has it: the fitted edition, with everything that can be asked of it as methods."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import fields

import pandas as pd

from forecasting.analysis import influence, power_scaling, prior_data_conflict, suppositions, what_if
from forecasting.arguments import BOOL, CHANGE, EDITION, FUNCTION, ID, NAMED, NETWORK, takes
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.edits import Change
from forecasting.fitting import fit as fitting
from forecasting.lab.answer_tables import AnswerTable
from forecasting.lab.forecast import Forecast
from forecasting.lab.update import Update
from forecasting.models.network.engine import CompiledNetwork
from forecasting.paths.entropy_pooling import Tilted
from forecasting.shown.html import said_above
from forecasting.shown.text import WIDTH


class Fit(fitting.EditionFit):
    """A fitted edition and what can be asked of it; start with ``forecasts()``.

    Every method takes ids first and the rest by keyword. Tables of answers have columns *question* and *outcome*, the answer
    as it is (*p* or *before*), the answer as it would be, their difference *change* and its Monte Carlo error *mcse_change*:
    a change of less than four of those says nothing. Any other error names its number as well (*mcse_p_given*).

    Examples
    --------
    >>> import forecasting as fc
    >>> fit = fc.open_fit("2024-12-syria")  # doctest: +SKIP
    >>> fit  # doctest: +SKIP
    <Fit of 2024-12-syria: 22 questions about 18 events, 4 × 3,000 draws, gate passed; see .forecasts()>
    """

    @classmethod
    def of(cls, fitted: fitting.EditionFit) -> Fit:
        """Return a fitted edition with the methods of this class; what was computed of it once is shared.

        Parameters
        ----------
        fitted : EditionFit
            From `forecasting.fitting.fit`.

        Returns
        -------
        Fit
            With the same draws and answers.
        """
        return cls(**{field.name: getattr(fitted, field.name) for field in fields(fitted)})

    def __repr__(self) -> str:
        return textwrap.fill(super().__repr__().replace("<EditionFit of", "<Fit of", 1), WIDTH, subsequent_indent="  ")

    def _repr_html_(self) -> str:
        return said_above(" ".join(repr(self).split()), self.forecasts()._repr_html_() or "")

    def forecasts(self) -> AnswerTable:
        """Return the table of all outcomes: p with its 50 and 90 % intervals and MCSE, and what base rate and prior gave.

        Returns
        -------
        AnswerTable
            A data frame with columns question, title, outcome, deadline, base_p, prior_p, p, low_50, high_50, low, high, mcse,
            words, reconstructed (whether the edition was made after its day); and gate, where the fit did not pass it.

        Examples
        --------
        >>> fit.forecasts()  # doctest: +SKIP
        """
        return AnswerTable.of(super().forecasts(), "forecasts", self.edition)

    @takes(question_id=ID)
    def forecast(self, question_id: str) -> Forecast:
        """Return the forecast of one question: a record that shows itself as a table and draws itself with ``plot()``.

        Parameters
        ----------
        question_id : str
            One of the edition's.

        Returns
        -------
        Forecast
            With each outcome's probability, intervals and Monte Carlo error.

        Raises
        ------
        UsageError
            If the edition does not ask it; near ids are named.

        Examples
        --------
        >>> fit.forecast("khmeimim-held-2025").headline.percent  # doctest: +SKIP
        """
        return Forecast.of(super().forecast(question_id))

    @takes(event_id=ID, occurs=BOOL)
    def given(self, event_id: str, *, by: str | dt.date, occurs: bool = True) -> pd.DataFrame:
        """Return every answer given that an event is seen to happen by a day, or (``occurs=False``) not to.

        Seeing an event also tells of what brought it about; to leave that out use `intervene`.

        Parameters
        ----------
        event_id : str
            One of the edition's that is open.
        by : date or str
            The day, as a date or YYYY-MM-DD.
        occurs : bool, default True
            Whether it is seen to happen.

        Returns
        -------
        DataFrame
            Columns question, outcome, p, p_given, mcse_p_given, change, mcse_change.

        Raises
        ------
        UsageError
            If the event is unknown or settled, or is seen on fewer than 100 paths.

        Examples
        --------
        >>> fit.given("basing-deal", by="2025-06-30")  # doctest: +SKIP
        """
        return AnswerTable.of(suppositions.given(self, event_id, by=by, occurs=occurs), "given", self.edition)

    @takes(event_id=ID)
    def intervene(self, event_id: str, *, at: str | dt.date | None) -> pd.DataFrame:
        """Return every answer if an event were made to happen on a day, or (``at=None``) kept from happening.

        Only its effects follow; what would have brought it about is left as it was.

        Parameters
        ----------
        event_id : str
            One of the edition's that is open.
        at : date, str or None
            The day on which it happens; None keeps it from happening.

        Returns
        -------
        DataFrame
            Columns question, outcome, p, p_do, mcse_p_do, change, mcse_change.

        Raises
        ------
        UsageError
            If the event is unknown or settled, or the day lies before the as-of date.

        Examples
        --------
        >>> fit.intervene("basing-deal", at="2025-03-01")  # doctest: +SKIP
        """
        return AnswerTable.of(suppositions.intervene(self, event_id, at=at), "intervene", self.edition)

    @takes(typed=NAMED)
    def tilted(self, typed: Mapping[str, float]) -> Tilted:
        """Return every answer once some questions have the probabilities that an analyst typed by hand.

        The paths are reweighted as little as possible: weights w_i that minimise Σ w_i log(N w_i) subject to the probabilities.

        Parameters
        ----------
        typed : mapping of str to float
            Probability by question id, or by ``question:outcome``.

        Returns
        -------
        Tilted
            *How to read it:* ``divergence`` is how far the typed numbers are from the model, in nats (0.02 is a nudge, 0.5
            another view of the world); ``table`` has every answer before and after.

        Raises
        ------
        UsageError
            If a question is unknown, a number is not inside (0, 1), or no weights give all of them at once.

        References
        ----------
        Meucci, A. (2008), *Fully flexible views: theory and practice*, Risk 21(10), 97-102.

        Examples
        --------
        >>> fit.tilted({"khmeimim-held-2025": 0.5})  # doctest: +SKIP
        """
        return suppositions.tilted(self, typed)

    @takes(question_id=ID)
    def watch(self, question_id: str, *, by: str | dt.date | None = None) -> pd.DataFrame:
        """Return the events that could be seen by a day, ranked by how much seeing them would move a question.

        Parameters
        ----------
        question_id : str
            One of the edition's.
        by : date or str, optional
            Half-way to the question's deadline unless given.

        Returns
        -------
        DataFrame
            Columns event, p_event, p_if, mcse_p_if, p_if_not, expected_change, information_bits. *How to read it:* an event with
            a large change that is unlikely tells less than a smaller one in doubt; information_bits weighs both.

        Raises
        ------
        UsageError
            If the edition does not ask the question, or the day lies after its last deadline.

        Examples
        --------
        >>> fit.watch("khmeimim-held-2025").head(3)  # doctest: +SKIP
        """
        return AnswerTable.of(suppositions.watch(self, question_id, by=by), "watch", self.edition)

    @takes(changes=CHANGE)
    def update(self, *changes: Change) -> Update:
        """Return what the answers would be with some records changed; nothing is written.

        Parameters
        ----------
        *changes : Change
            From `forecasting.change`; several are made together.

        Returns
        -------
        Update
            With ``table``, ``how`` it was found (by *weights* on the draws that are there, or by *sampling* anew) and ``k_hat``,
            which says how well weights carry it.

        Raises
        ------
        UsageError, DossierError
            If a record or field is unknown, or a rule forbids the value.

        Examples
        --------
        >>> fit.update(fc.change("c-045", credibility=5)).table  # doctest: +SKIP
        """
        return Update.of(what_if.update(self, *changes))

    @takes(question_id=ID)
    def influence(self, question_id: str) -> pd.DataFrame:
        """Return how far each claim moves a question, the largest change first.

        Parameters
        ----------
        question_id : str
            One of the edition's.

        Returns
        -------
        DataFrame
            Columns claim, pathway, question, outcome, p, p_without, change = p − p_without, k_hat, how.

        Raises
        ------
        UsageError
            If the edition does not ask it.

        Examples
        --------
        >>> fit.influence("khmeimim-held-2025").head(3)  # doctest: +SKIP
        """
        return influence.question_influence(self, question_id)

    def sensitivity(self) -> pd.DataFrame:
        """Return what each answer depends on: base rates, grades, claims, facts or history.

        Returns
        -------
        AnswerTable
            One row per outcome and part, as `forecasting.analysis.power_scaling.sensitivity` has them. *How to read it:* a part
            ``counts`` where doubling its weight moves the answer by more than noise; ``words`` says what the answer depends on.

        References
        ----------
        Kallioinen, N., Paananen, T., Bürkner, P.-C. and Vehtari, A. (2024), *Detecting and diagnosing prior and likelihood
        sensitivity with power-scaling*, Statistics and Computing 34, 57.

        Examples
        --------
        >>> fit.sensitivity().groupby("question")["words"].first()  # doctest: +SKIP
        """
        return AnswerTable.of(power_scaling.sensitivity(self), "sensitivity", self.edition)

    def conflicts(self) -> pd.DataFrame:
        """Return whether history contradicts what was expected, and claims the class.

        Returns
        -------
        DataFrame
            One row per event and comparison, as `forecasting.analysis.prior_data_conflict.conflicts` has them. *How to read it:*
            *contradict* says that the class or the record of what happened is to be looked at before the answer is quoted.

        Examples
        --------
        >>> fit.conflicts().query("verdict != 'agree'")  # doctest: +SKIP
        """
        return prior_data_conflict.conflicts(self)


@takes(edition=EDITION, network=NETWORK, progress=FUNCTION)
def fit(
    edition: EditionDossier,
    *,
    random_seed: int | None = None,
    network: CompiledNetwork | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Fit:
    """Fit an edition and hold it to the gate.

    Parameters
    ----------
    edition : EditionDossier
        From ``dossier.edition(id)``.
    random_seed : int, optional
        Defaults to the edition's seed; stored with the result.
    network : CompiledNetwork, optional
        A compiled network of the same edition, to save the compilation.
    progress : callable, optional
        Called with a stage's name and the share of work done.

    Returns
    -------
    Fit
        With the three layers *base*, *prior* (base rate and claims) and *posterior* (and history).

    Raises
    ------
    SamplingStopped
        If the sampler was interrupted.

    Examples
    --------
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> fit = fc.fit(dossier.edition("2024-12-syria"), random_seed=20241213)  # doctest: +SKIP
    >>> fit.forecast("khmeimim-held-2025")  # doctest: +SKIP
    """
    return Fit.of(fitting.fit(edition, random_seed=random_seed, network=network, progress=progress))
