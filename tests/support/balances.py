"""A made-up balance of two towns, as records and as files."""

from __future__ import annotations

BALANCE = """\
id: upper-hand
title: Norland and Sudland at large
low: {id: norland, name: Norland}
high: {id: sudland, name: Sudland}
starts_on: 2024-01-01
starts: {ahead: norland, by: somewhat, spread: 1.0, why: It has the quay.}
theatres:
- id: river
  title: River
  starts: {ahead: neither, spread: 1.0, why: Both have ferries.}
- id: market
  title: Market
  starts: {ahead: norland, by: clearly, spread: 0.5, why: The market is there.}
scale: {level: [0.5, 1.5], change: [0.25, 0.75, 1.5], why: A step is a step.}
priors:
  step: {middle: 0.1, log_spread: 0.5, why: Towns move slowly.}
  overall_step: {middle: 0.05, log_spread: 0.5, why: And all together more so.}
  event_step: {middle: 0.5, log_spread: 0.5, why: A bridge is half a step.}
  tail: {value: 4, why: Bridges fall in a day.}
  half_life_years: {value: 8, why: A mayor's term.}
  statement_spread: {middle: 0.5, log_spread: 0.4, why: Readers differ.}
  event_spread: {middle: 0.3, log_spread: 0.4, why: Deeds are plainer.}
  speaker_spread: {middle: 0.3, log_spread: 0.5, why: Everyone has a side.}
  origin_spread: {middle: 0.3, log_spread: 0.5, why: One error in many papers.}
  slip: 0.03
  anchor_spread: 0.2
"""
UNKNOWN = "  weights: {log_spread: 0.7, why: Nobody says what a ferry is worth in stalls.}\n"
ALIKE = BALANCE  # without weights both theatres count alike, and the balance at large has a closed form
BALANCE += UNKNOWN
CODED = """\
  codings:
    - {coder: one, favours: sudland, by: slightly}
    - {coder: two, favours: neither}
"""
TOLL_HOUSE = f"""\
- id: o-001
  balance: river
  kind: change
  what: Sudland mans the toll house.
  happened_on: 2024-03-05
  published_on: 2024-03-05
  source: the council's minutes
  origin: toll-house
  reliability: B
  credibility: 2
{CODED}"""
BY_CLAIM = """\
- id: o-002
  balance: upper-hand
  kind: level
  what: Sudland is the stronger one.
  happened_on: 2024-07-01
  published_on: 2024-07-01
  claim: n-001
  codings:
    - {coder: one, favours: sudland, by: clearly}
    - {coder: two, favours: sudland, by: somewhat}
"""
FILE, OBSERVED = "balances/upper-hand.yaml", "observations/upper-hand.yaml"


def files(observations: str = TOLL_HOUSE + BY_CLAIM, balance: str = BALANCE) -> tuple[tuple[str, str, str], ...]:
    """Return the edits that add the balance and its observations to the small dossier."""
    return ((FILE, "", balance), (OBSERVED, "", observations))


INDEX = """\
- id: NAME
  title: Who takes the toll?
  favours:
    balance: river
    outcomes: {low: Norland alone, neither: both, high: Sudland alone}
    counts: Receipts of the year.
    settled_by: the council
    low_to: -0.5
    high_from: 0.5
    spread: 1.0
    why_link: A toll house is a step.
MORE  at: DAY
"""


def index_question(name: str, day: str, more: str = "") -> str:
    """Return a question about an index of the river, with more fields of it, a line each."""
    lines = "".join(f"    {line}\n" for line in more.splitlines())
    return INDEX.replace("NAME", name).replace("MORE", lines).replace("DAY", day)
