"""Every case of bad input, from every reader."""

from __future__ import annotations

import bad_calls
import bad_commands
import bad_documents
import bad_fields
import bad_files
import bad_kept
import bad_tables
from bad_fields import checked
from bad_input import Bad
from rule_cases import CASES as RULES
from slips import SLIPS

from forecasting.rules.check import RULES as ALL

FAILURES = {rule.id for rules in ALL.values() for rule in rules if rule.status == "failure"}
CASES: list[Bad] = [
    *bad_fields.CASES, *bad_files.CASES, *bad_documents.CASES, *bad_tables.CASES, *bad_kept.CASES, *bad_commands.CASES,
    *bad_calls.CASES,
    *(checked("rule", f"{case.rule} {n}", case.edits, (f"priors/{case.file}", case.found, case.fix, f"[{case.rule}]"))
      for n, case in enumerate(RULES) if case.rule in FAILURES),
    *(checked("slip", name, ((file, old, new),), (found, fix or ""))
      for name, (file, old, new, found, fix) in SLIPS.items() if found),
]  # fmt: skip
