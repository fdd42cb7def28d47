"""Write the beginnings of claims: what sentence, source and codebook say is filled in, the rest is left empty and named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from forecasting.coding.attribution import untitled
from forecasting.coding.chances import number_command, read_chance
from forecasting.coding.suggest import Proposal
from forecasting.coding.templates import scalar
from forecasting.dossier.claims import Anchor, Source
from forecasting.dossier.defaults import AUTHOR, SourceDefaults
from forecasting.dossier.unknown_wordings import place_command
from forecasting.standards.tables import STANDARDS

_FIELDS = """\
  paraphrase:  # in your own words
  speaker: {speaker}
  kind:  # judgement, fact, effect, driver or quantity{looks}
{wording}  target: {{}}  # {bears}event: [ids] (with given: {{id: true}} for a condition), effect: [ids], or driver: id
{seen}  direction:  # of a judgement occurs or does-not-occur, of a driver raises or lowers; of a fact it follows from seen_if
  # grade: of a driver weak, moderate, strong or decisive; of a fact only with a sentence in grade_why, instead of seen_if
  # horizon: of a judgement {{years: 1.0, stated: true, why: …}}
  made_on: {made_on}
  reliability:  # of the source: A (completely) to E (not), F can not be judged
  credibility:  # of this information: 1 (confirmed) to 5 (improbable), 6 can not be judged
  origin: {origin}
"""
_LEXICON = "  # lexicon: the one that lists them\n"
_SEEN = """\
  # of a fact: how likely would the same be seen if the event comes in time, and how likely if it stays away?
  # seen_if: {comes: almost certain, stays_away: likely}  # two wordings of one lexicon, for example of icd203
"""
# of a sentence that looks like a fact both questions are put; an empty answer fails `forecast check` by name
_SEEN_ASKED = """\
  # how likely would the same be seen if the event comes in time, and how likely if it stays away?
  seen_if: {comes: , stays_away: }  # two wordings, for example almost certain and likely
  lexicon: icd203  # the one that lists both
"""
_NO_ANCHOR = "{start: , end: , sha256: , paragraph: }  # forecast new claim --quote WORDS --text FILE writes it"


def _filled(value: str | None, hint: str) -> str:
    return scalar(value) if value else f" # {hint}"


def anchor_yaml(anchor: Anchor) -> str:
    """Return an anchor as it stands in a file of claims."""
    seal = f', seal: "{anchor.seal}"' if anchor.seal else ""
    return f"{{start: {anchor.start}, end: {anchor.end}, sha256: {anchor.sha256}, paragraph: {anchor.paragraph}{seal}}}"


def claim_stub(
    ident: str, source: str | None, anchor: Anchor | None = None, *,
    made_on: str | None = None, defaults: SourceDefaults | None = None,
) -> str:  # fmt: skip
    """Return the beginning of a claim that a person found; what it will inherit is left out and told."""
    wording = "  # wording: the hedging words, at most eight, and\n" + _LEXICON
    stub = _claim(ident, source, anchor, wording, speaker=None, looks="", made_on=made_on, origin=None, bears="")
    return _without_inherited(stub, defaults, {})


def _claim(
    ident: str, source: str | None, anchor: Anchor | None, wording: str,
    *, speaker: str | None, looks: str, made_on: str | None, origin: str | None, bears: str, seen: str = _SEEN,
) -> str:  # fmt: skip
    fields = _FIELDS.format(
        seen=seen,
        speaker=_filled(speaker, "author, or whoever is quoted"),
        looks=looks,
        bears=bears,
        wording=wording,
        made_on=made_on or " # YYYY-MM-DD, the day the words were said",
        origin=_filled(origin, "who first reported it; one wire in five papers is one origin"),
    )
    at = anchor_yaml(anchor) if anchor else _NO_ANCHOR
    head = f"- id: {ident}\n  source: {_filled(source, 'id of the source')}\n  anchor: {at}\n"
    return re.sub(r":  +#", ":  #", head + fields)


def _without_inherited(stub: str, defaults: SourceDefaults | None, claim: Mapping[str, Any]) -> str:
    """Return a claim that was begun without the fields that it inherits as it stands, and with a line that names them."""
    if defaults is None:
        return stub
    fields, found = defaults.inherit(claim)
    for name in found:
        stub = re.sub(rf"^  {name}:.*\n", "", stub, flags=re.MULTILINE)
    told = ", ".join(f"{name} {fields[name]}" for name in found)
    return stub + (f"  # inherited: {told}; write a field here where this claim differs\n" if found else "")


def proposal_stub(
    ident: str, proposal: Proposal, source: Source | str | None, rank: int, defaults: SourceDefaults | None = None
) -> str:
    """Return a proposed claim for a file of claims, with a line above it that says why it was proposed."""
    name = source.id if isinstance(source, Source) else source
    exact = isinstance(source, Source) and source.published_precision == "day"
    speaker = _speaker(proposal, defaults)
    asked: dict[str, Any] | None = {} if proposal.kind == "fact" else None  # the two wordings of seen_if, still empty
    known = {"kind": proposal.kind, "speaker": speaker, "wording": proposal.wording, "seen_if": asked}
    stub = _claim(
        ident, name, proposal.anchor, _wording_lines(proposal),
        speaker=speaker,
        looks=f"; looks like {'an' if proposal.kind == 'effect' else 'a'} {proposal.kind}",
        made_on=str(source.published_on) if exact and isinstance(source, Source) else None,
        origin=name if speaker == AUTHOR else None,
        bears=f"may bear on {_list(proposal.events)}; " if proposal.events else "",
        seen=_SEEN_ASKED if proposal.kind == "fact" else _SEEN,
    )  # fmt: skip
    return f"# {rank}. {_reason(proposal)}\n" + _without_inherited(stub, defaults, known)


_OF_KIND = {
    "judgement": """\
  target: {{event: }}  # {bears}ids of events, with given: {{id: true}} for a condition
  direction:  # what the wording is said of: occurs or does-not-occur
  horizon: {horizon}
""",
    "fact": """\
  target: {{event: }}  # {bears}ids of events
  seen_if: {{comes: , stays_away: }}  # how likely seen if it comes in time, if it stays away: almost certain … almost no chance
  lexicon: icd203
""",
    "effect": "  target: {{effect: }}  # ids of effects (forecast new effect)\n",
    "driver": """\
  target: {{driver: }}  # id of a driver
  direction:  # raises or lowers
  grade:  # weak, moderate, strong or decisive
""",
    "quantity": """\
  value: {value}
  unit: {unit}
  moves_nothing:  # why it is kept; delete the line once an effect cites it
""",
}
_NO_TERM = "{years: 1.0, stated: false, why: the text gives no term}"  # docs/codebook.md, step 6.5
_TERM = "{{years: {years}, stated: true, why: '{words}'}}  # years from made_on"
_ACCEPTED = """\
- id: {id}
  source: {source}
  anchor: {anchor}
  paraphrase:  # in your own words
  speaker: {speaker}
  kind: {kind}  # looks like it; docs/codebook.md, step 3
{wording}{of_kind}  made_on: {made_on}
  reliability:  # of the speaker, A to F: docs/codebook.md, step 8
  credibility:  # of this information, 1 to 6
  origin: {origin}
"""
_SURVEYED = ("capphrase-2026", "article-hedges", "perceptions-2015")  # what readers mean: for a text that follows no standard


def accepted_stub(
    ident: str, proposal: Proposal, source: str, made_on: str | None = None, defaults: SourceDefaults | None = None,
    *, quoted: bool = False,
) -> str:  # fmt: skip
    """Return a proposal that a person took as a claim of the kind that it looks like: what only a person can say is left empty.

    Parameters
    ----------
    ident : str
        Id of the claim.
    proposal : Proposal
        The sentence, its wording, and what it may bear on.
    source : str
        Id of the source.
    made_on : str, optional
        The day of the source, where it is known to the day.
    defaults : SourceDefaults, optional
        What the claim will inherit, and so leaves out.
    quoted : bool
        Whether a person quoted its words, so that no score brought it here.
    """
    speaker = _speaker(proposal, defaults)
    is_judged = proposal.kind == "judgement"
    lexicon = _lexicon(proposal, defaults) if is_judged and proposal.wording else None
    first = next((quantity for quantity in proposal.quantities if quantity.unit), None)
    fields = {
        "bears": f"perhaps {_list(proposal.events)}; " if proposal.events else "",
        "horizon": _horizon(proposal),
        "value": f"{first.value:f}".rstrip("0").rstrip(".") if first else " # a number",
        "unit": scalar(first.unit) if first else " # what it counts",
    }
    stub = _ACCEPTED.format(
        id=ident, source=scalar(source), anchor=anchor_yaml(proposal.anchor), kind=proposal.kind,
        speaker=_filled(speaker, "author, or whoever is quoted"),
        wording=_judged(proposal, lexicon) if is_judged else "",
        of_kind=_OF_KIND[proposal.kind].format(**fields),
        made_on=made_on or " # YYYY-MM-DD, the day it was said",
        origin=_filled(source if speaker == AUTHOR else None, "who first reported it"),
    )  # fmt: skip
    asked: dict[str, Any] | None = {} if proposal.kind == "fact" else None
    inherits = defaults is not None and lexicon is not None and lexicon == defaults.defaults.lexicon
    told = None if inherits or not is_judged or not proposal.wording else lexicon or ""  # one that lacks the words is no help
    known = {"kind": proposal.kind, "speaker": speaker, "wording": proposal.wording, "seen_if": asked, "lexicon": told}
    stub = _without_inherited(re.sub(r":  +#", ":  #", stub), defaults, known)
    return f"# {_reason(proposal, quoted=quoted)}\n{stub}"


def _horizon(proposal: Proposal) -> str:
    """Return the horizon of a judgement: the term that the sentence states, its years left empty where they are not known."""
    if proposal.term is None:
        return _NO_TERM
    years = "" if proposal.term.years is None else str(proposal.term.years)
    return _TERM.format(years=years, words=proposal.term.words.replace("'", "''"))


def _judged(proposal: Proposal, lexicon: str | None) -> str:
    """Return the lines of a judgement's words: those that the sentence has, or why it has none that can be read."""
    if not proposal.wording:
        hint = proposal.caution or "the words that say how likely"
        return f"  wording:  # {hint}; at most eight words\n  lexicon:  # the one that lists them\n"
    fix = "" if lexicon else f" # {_no_lexicon(proposal)}"
    return f"  wording: {scalar(proposal.wording)}\n  lexicon: {lexicon or fix}\n"


def _no_lexicon(proposal: Proposal) -> str:
    """Return what to do about words that no lexicon of readers lists."""
    words = str(proposal.wording)
    if not proposal.lexicons and read_chance(words):
        return f"none lists this number; to give it a row: {number_command(words)}"
    if not proposal.lexicons and (command := place_command(words)):
        return f"none lists these words; the codebook (step 6.3) has: {command}"
    place = f'forecast new wording "{words}" --at PHRASE --why TEXT'
    if proposal.lexicons:
        standards = _list(proposal.lexicons)
        return f"{standards}, if the speaker follows it; else the nearest that readers were asked about, or {place}"
    return f"none lists these words: write the nearest that one lists, or {place}"


def _lexicon(proposal: Proposal, defaults: SourceDefaults | None) -> str | None:
    """Return the lexicon that reads a wording: the source's own if it lists it, else one of what readers mean; no standard."""
    of_readers = (name for name in proposal.lexicons if name not in STANDARDS)
    order = (defaults.defaults.lexicon if defaults else None, *_SURVEYED, *of_readers)
    return next((name for name in order if name in proposal.lexicons), None)


def _speaker(proposal: Proposal, defaults: SourceDefaults | None = None) -> str | None:
    """Return who speaks, by the name under which the source has defaults for him: "Mr Kurti" is its "Kurti"."""
    said_by = proposal.attribution
    if not (said_by.is_quote or "report" in proposal.families):
        return AUTHOR
    known = list(defaults.defaults.speakers) if defaults else []
    if said_by.speaker is None or said_by.speaker in known:
        return said_by.speaker
    bare = untitled(said_by.speaker)
    return next((name for name in known if untitled(name) == bare), said_by.speaker)


def _reason(proposal: Proposal, *, quoted: bool = False) -> str:
    why = f"quoted, sentence {proposal.place}" if quoted else f"score {proposal.score}"
    found = [f"{why}: {', '.join(proposal.families)}"]
    found += [f"dates {_list(date.iso for date in proposal.dates if date.iso)}"] if any(d.iso for d in proposal.dates) else []
    numbers = [f"{q.value:,.10g} {q.unit}".strip() for q in proposal.quantities]
    return "; ".join([*found, *([f"numbers {_list(numbers)}"] if numbers else [])])


def _list(values: Iterable[str | None]) -> str:
    return ", ".join(str(value) for value in values)


def _wording_lines(proposal: Proposal) -> str:
    if proposal.kind == "fact" and not proposal.caution:  # its number comes from seen_if, whose lexicon stands with it
        return f"  # wording: '{proposal.wording}' weighs nothing, so a fact needs none\n" if proposal.wording else ""
    if not proposal.wording:
        return f"  # wording: {proposal.caution or 'none found that says how likely'}; at most eight words, and\n" + _LEXICON
    hint = f" # listed in {_list(proposal.lexicons)}" if proposal.lexicons else " # no lexicon lists these words"
    lexicon = proposal.lexicons[0] if len(proposal.lexicons) == 1 else hint
    return f"  wording: {scalar(proposal.wording)}\n  lexicon: {lexicon}\n"
