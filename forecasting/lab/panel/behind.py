"""Which records lie behind a question, and which of their fields can be changed: pure functions over an edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier, lookup
from forecasting.dossier.effects import Effect
from forecasting.dossier.events import Event, HistoryRow
from forecasting.dossier.graph import joined, layers
from forecasting.dossier.lexicons import geometric_mean
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.dossier.status import statuses
from forecasting.dossier.wordings import Wording
from forecasting.lab.panel.controls import Card, Control, InLexicon, Option, Range, labelled, laddered, steps, worded
from forecasting.lab.panel.rivals import event_card, titled
from forecasting.report.formatting import CREDIBILITY, RELIABILITY, short_day
from forecasting.standards.tables import DEFAULT

HISTORY = "history-"
MOST_RATIO = 10.0  # of a signal that was typed as a number: the grade "decisive" is 10
MOST_LAG = 5.0
KEPT = (Option(True, "counted"), Option(False, "left out"))
SIGNS = (Option("raises", "makes it likelier"), Option("lowers", "makes it less likely"))
OPPOSITE = {"raises": "lowers", "lowers": "raises", None: None}
READS = {"level": "about so much", "at_least": "at least so much", "at_most": "at most so much"}
STRENGTHS = ("weak", "moderate", "strong", "decisive")


@dataclass(frozen=True)
class Behind:
    """The events behind a question by their distance from it, with what acts on them."""

    edition: EditionDossier
    distance: Mapping[str, int]

    @classmethod
    def of(cls, edition: EditionDossier, question_id: str) -> Behind:
        """Return what lies behind a question of an edition.

        Raises
        ------
        UsageError
            If the edition's event network does not answer it.
        """
        question = lookup({q.id: q for q in edition.questions}, question_id, "question of this edition's event network")
        causes = joined((effect.to, effect.from_) for effect in edition.effects)
        return cls(edition, {e: n for n, near in enumerate(layers(causes, question.events())) for e in near})

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effects on these events, the nearest first."""
        found = [effect for effect in self.edition.effects if effect.to in self.distance]
        return tuple(sorted(found, key=lambda effect: (self.distance[effect.to], effect.id)))

    def claims(self) -> Iterator[tuple[int, Claim]]:
        """Yield the claims that bear on these events or on a pressure shared by one of them, with their distance."""
        drivers = {
            driver.id: min(self.distance[loading.event] for loading in driver.loadings if loading.event in self.distance)
            for driver in self.edition.drivers if any(loading.event in self.distance for loading in driver.loadings)
        }  # fmt: skip
        for claim in self.edition.claims:
            near = [self.distance[event] for event in claim.target.of("event") if event in self.distance]
            near += [drivers[driver] for driver in claim.target.of("driver") if driver in drivers]
            if near and not claim.moves_nothing and claim.kind in ("judgement", "fact", "driver"):
                yield min(near), claim

    def open_events(self) -> Iterator[Event]:
        """Yield the events that have not happened yet, the nearest first."""
        is_open = {event.id for event, status in zip(self.edition.events, statuses(self.edition), strict=True) if status.is_open}
        for name in self._near():
            if name in is_open:
                yield self.edition.dossier.events[name]

    def _near(self) -> list[str]:
        return sorted(self.distance, key=lambda name: (self.distance[name], name))

    def cards(self) -> tuple[Card, ...]:
        """Return every record behind the question that can be changed, group by group, the nearest to it first."""
        claims = sorted(self.claims(), key=lambda found: (found[1].kind == "driver", found[0], found[1].id))
        return (
            *(claim_card(self.edition, claim) for _, claim in claims),
            *(acting for effect in self.effects if (acting := effect_card(self.edition, effect)).controls),
            *(moved for event in self.open_events() if (moved := event_card(self.edition, event)).controls),
            *self._classes(),
            *(dated for i, row in enumerate(self.edition.dossier.history) if (dated := self._history(i, row))),
        )

    def _classes(self) -> Iterator[Card]:
        used: dict[str, list[str]] = {}
        for name in self._near():
            event = self.edition.dossier.events[name]
            classes = [event.reference_class, *(one.reference_class for one in event.occasions if one.reference_class)]
            for counted in dict.fromkeys(classes):
                used.setdefault(counted, []).append(event.title)
        for counted, titles in used.items():
            yield class_card(self.edition.dossier.reference_classes[counted], titles)

    def _history(self, index: int, row: HistoryRow) -> Card | None:
        if row.event not in self.distance or row.on > self.edition.as_of:
            return None
        return history_card(self.edition, index, row)


def claim_card(edition: EditionDossier, claim: Claim) -> Card:
    """Return the controls of a claim: its wording and reading, what would be seen in both worlds, its grades."""
    lexicon: Mapping[str, Wording] = edition.dossier.lexicons.get(claim.lexicon or "", {})
    controls = []
    if claim.kind == "judgement" and claim.wording in lexicon:
        offered = laddered(str(claim.lexicon), edition.dossier.lexicons, edition.edition.standard)
        now = InLexicon(str(claim.wording), str(claim.lexicon))
        value = now if now in (option.value for option in offered) else claim.wording
        controls.append(Control(claim.id, "wording", "Wording", value, offered))
        usual = READS[lexicon[str(claim.wording)].reads]
        reads = (Option(None, f"as its lexicon has it ({usual})"), *(Option(k, words) for k, words in READS.items()))
        controls.append(Control(claim.id, "reads", "Read as", claim.reads, reads))
    elif claim.seen_if:
        comes, stays = claim.seen_if.comes, claim.seen_if.stays_away
        scale = edition.edition.standard
        likelier = beside(lexicon, stays, claim.direction, scale=scale)
        rarer = beside(lexicon, comes, OPPOSITE[claim.direction], scale=scale)
        controls.append(Control(claim.id, "seen_if.comes", "Seen if it comes", comes, likelier))
        controls.append(Control(claim.id, "seen_if.stays_away", "Seen if it stays away", stays, rarer))
    elif claim.grade:
        controls.append(Control(claim.id, "grade", "Strength", claim.grade, strengths(edition)))
    source, information = graded(edition, "reliability", RELIABILITY), graded(edition, "credibility", CREDIBILITY)
    controls.append(Control(claim.id, "reliability", "Source", claim.reliability, source))
    controls.append(Control(claim.id, "credibility", "Information", claim.credibility, information))
    dossier = edition.dossier
    about = [dossier.events[name].title for name in claim.target.of("event")]
    about += [dossier.drivers[name].title for name in claim.target.of("driver")]
    note = f"{claim.speaker}, {short_day(claim.made_on)}, on: {'; '.join(about)}"
    return Card(claim.id, "claims", claim.paraphrase, note, tuple(controls))


def effect_card(edition: EditionDossier, effect: Effect) -> Card:
    """Return the controls of an effect: strength and direction, or how surely and how soon something follows."""
    first, then = (edition.dossier.events[name].title for name in (effect.from_, effect.to))
    controls: list[Control] = []
    if effect.acts == "multiplies":
        controls.append(Control(effect.id, "grade", "Strength", effect.grade, strengths(edition)))
        controls.append(Control(effect.id, "sign", "Direction", effect.sign, SIGNS))
    elif effect.acts == "leads_to":
        lexicon = worded(edition.dossier.lexicons[effect.lexicon or ""].values(), edition.edition.standard)
        controls.append(Control(effect.id, "wording", "How surely it follows", effect.wording, lexicon))
        lag = Range(0.01, max(MOST_LAG, effect.lag_years or 0), 0.01, "years")
        controls.append(Control(effect.id, "lag_years", "Mean wait", effect.lag_years, range=lag))
    return Card(effect.id, "effects", first, f"acts on: {then}", tuple(controls))


def class_card(counted: ReferenceClass, titles: list[str]) -> Card:
    """Return the controls of a counted class: its counts, unless a life table fixes them, and how much its members differ."""
    controls = []
    if not counted.life_table:
        most = 3 * counted.events + 10
        if counted.unit == "trial":
            most = min(most, counted.exposure)
        events = Range(0, most, 1 if counted.events == int(counted.events) else 0.5)
        controls.append(Control(counted.id, "events", "Times it happened", float(counted.events), range=events))
        low, high = counted.exposure / 3, 3 * counted.exposure
        step = 1.0 if counted.unit == "trial" else steps(low, high)
        low = max(step * -(-low // step), counted.events if counted.unit == "trial" else step)
        exposure = Range(low, step * (high // step), step, f"{counted.unit}s")
        controls.append(Control(counted.id, "exposure", "Counted over", float(counted.exposure), range=exposure))
    controls.append(Control(counted.id, "spread", "Spread of members", float(counted.spread), range=Range(0, 3, 0.01)))
    return Card(counted.id, "classes", titled(counted.id), f"counts for: {'; '.join(titles)}", tuple(controls))


def history_card(edition: EditionDossier, index: int, row: HistoryRow) -> Card:
    """Return the controls of a dated fact: whether it is counted, and of a signal how strong it is."""
    name = f"{HISTORY}{index}"
    controls = [Control(name, "counted", "In the history", True, KEPT)]
    if row.seen_if:
        lexicon = edition.dossier.lexicons[row.lexicon or ""]
        comes, stays = row.seen_if.comes, row.seen_if.stays_away
        scale = edition.edition.standard
        controls.append(Control(name, "comes", "Seen if it comes", comes, beside(lexicon, stays, scale=scale)))
        controls.append(Control(name, "stays_away", "Seen if it stays away", stays, beside(lexicon, comes, scale=scale)))
    elif row.likelihood_ratio is not None:
        likelier = row.likelihood_ratio > 1
        ratio = Range(1.05, max(MOST_RATIO, row.likelihood_ratio), 0.05) if likelier else Range(0.05, 0.95, 0.05)
        controls.append(Control(name, "likelihood_ratio", "Likelihood ratio", row.likelihood_ratio, range=ratio))
    what = {"occurred": "happened", "survived": "had not happened", "signal": "a sign"}[row.what]
    title = f"{edition.dossier.events[row.event].title}: {what}"
    return Card(name, "history", title, f"{short_day(row.on)}; {row.note or row.source}", tuple(controls))


def beside(
    lexicon: Mapping[str, Wording], other: str, direction: str | None = None, *, scale: str = DEFAULT
) -> tuple[Option, ...]:
    """Return the wordings that can stand beside another one: on the side of it that a direction asks for, if there is one."""
    bound = geometric_mean(lexicon[other])
    sides = {"raises": lambda mean: mean > bound, "lowers": lambda mean: mean < bound}
    fits = sides.get(direction or "", lambda mean: mean != bound)
    return worded((entry for entry in lexicon.values() if fits(geometric_mean(entry))), scale)


def strengths(edition: EditionDossier) -> tuple[Option, ...]:
    """Return the four grades of strength with their ratios, as the dossier's table of grades has them."""
    grades = edition.dossier.grades
    return tuple(Option(g, f"{g} (× {grades['strength', g].value:g})") for g in STRENGTHS if ("strength", g) in grades)


def graded(edition: EditionDossier, scale: str, meanings: Mapping[Any, str]) -> tuple[Option, ...]:
    """Return the grades of a source or an information; the last, "cannot be judged", says so where it weighs least.

    That is where the table of grades gives it a wider spread than the worst grade that was judged.
    """
    options, grades = labelled(meanings), edition.dossier.grades
    worst, unknown = list(meanings)[-2:]
    last, none = (grades.get((scale, str(grade))) for grade in (worst, unknown))
    if last is None or none is None or none.value <= last.value:
        return options
    return (*options[:-1], Option(unknown, f"{options[-1].label} (not known; weighs less than {worst} in this scale)"))
