"""One way to break each rule about balances and their observations."""

from __future__ import annotations

from balances import BALANCE, BY_CLAIM, FILE, OBSERVED, TOLL_HOUSE, files, index_question
from rule_case import Case
from rule_edits import EDITION, QUESTIONS

OTHER = BALANCE.replace("id: upper-hand", "id: other-hand").replace("id: market", "id: fair")

ASKED = "- {id: sudland-ahead, title: Is Sudland ahead?, ahead: {balance: BALANCE, actor: ACTOR}, at: 2025-12-31}\n"
ADD = (EDITION, "ferry-order-2025]", "ferry-order-2025, sudland-ahead]")


def asked(balance: str = "river", actor: str = "sudland") -> tuple[tuple[str, str, str], ...]:
    return (*files(), (QUESTIONS, "", ASKED.replace("BALANCE", balance).replace("ACTOR", actor)), ADD)


TURNED = ASKED.replace("ahead: {balance: BALANCE, actor: ACTOR}", "turned: {balance: river, actor: sudland, since: 2024-08-01}")

def index(more: str) -> tuple[tuple[str, str, str], ...]:
    added = (EDITION, "ferry-order-2025]", "ferry-order-2025, toll-index]")
    return (*files(), (QUESTIONS, "", index_question("toll-index", "2024-09-30", more)), added)


CASES = [
    Case("index-cases", index('cases: [{of: "2020", on: 2020-12-31, side: low, source: the minutes}]'), QUESTIONS,
         ("id: toll-index", "cases:"), "case '2020' of 2020-12-31 is before the balance starts on 2024-01-01",
         "write the level that it had"),
    Case("index-network", index("in_network: [{side: high, is: {occurs: pact-singed}}]"), QUESTIONS,
         ("id: toll-index", "in_network:"), "side high stands for event 'pact-singed', which does not exist",
         "did you mean 'pact-signed'?"),
    Case("question-balance", asked(actor="sudlund"), QUESTIONS, ("id: sudland-ahead",), "no actor 'sudlund'",
         "did you mean 'sudland'?"),
    Case("edition-balance", (*files(), (QUESTIONS, "", TURNED), ADD), QUESTIONS, ("id: sudland-ahead",),
         "since 2024-08-01 is after as_of 2024-07-01", "write since: 2024-07-01"),
    Case("balance-theatres", (*files(), ("balances/other-hand.yaml", "", OTHER)), FILE, ("id: upper-hand",),
         "river is of balance other-hand too", "an id of its own"),
    Case("balance-start", files(balance=BALANCE.replace("ahead: norland, by: somewhat", "ahead: norlund, by: somewhat")), FILE,
         ("id: upper-hand",), "'norlund' is ahead at the start", "did you mean 'norland'?"),
    Case("observation-balance", files(TOLL_HOUSE.replace("balance: river", "balance: rivr")), OBSERVED,
         ("id: o-001", "balance:"), "no balance or theatre 'rivr'", "did you mean 'river'?"),
    Case("observation-favours", files(TOLL_HOUSE.replace("favours: sudland", "favours: sudlund")), OBSERVED,
         ("id: o-001", "coder: one"), "one favours 'sudlund'", "did you mean 'sudland'?"),
    Case("observation-claim", files(BY_CLAIM.replace("2024-07-01", "2024-06-01")), OBSERVED, ("id: o-002", "published_on:"),
         "before n-001 was made on 2024-07-01", "write published_on: 2024-07-01, or later"),
    Case("observation-span", files(TOLL_HOUSE.replace("kind: change", "kind: change\n  over_months: 3")), OBSERVED,
         ("id: o-001", "happened_on:"), "before upper-hand starts on 2024-01-01", "let the balance start earlier"),
    Case("observation-twice", files(BY_CLAIM + BY_CLAIM.replace("o-002", "o-003")), OBSERVED, ("id: o-003", "claim:"),
         "reads claim n-001 of upper-hand as o-002 does", "keep one of the two"),
    Case("observation-coders", files(TOLL_HOUSE.replace("    - {coder: two, favours: neither}\n", "")), OBSERVED,
         ("id: o-001", "codings:"), "has one grading, of one", "have a second coder grade it"),
]  # fmt: skip
