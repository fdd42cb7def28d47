"""One way to break each rule: what to change in the small dossier, and what must be said about it, and where."""

from __future__ import annotations

import rule_cases_of_balances
import rule_cases_of_claims
import rule_cases_of_counts
import rule_cases_of_estimates
import rule_cases_of_events
import rule_cases_of_questions

CASES = [
    *rule_cases_of_balances.CASES, *rule_cases_of_claims.CASES, *rule_cases_of_events.CASES, *rule_cases_of_questions.CASES,
    *rule_cases_of_counts.CASES, *rule_cases_of_estimates.CASES,
]  # fmt: skip
