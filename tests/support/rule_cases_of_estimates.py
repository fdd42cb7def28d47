"""One way to break each rule about sentences that say how likely, and about what a brief is made of."""

from __future__ import annotations

from rule_case import Case
from rule_edits import EDITION, QUESTIONS

SIGNED = "- id: pact-by-2025\n  title: Will the ferry pact be signed by the end of 2025?\n"


def stated(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return the edit that gives a question a statement."""
    return ((QUESTIONS, SIGNED, f"{SIGNED}  statement: {text}\n"),)


def summed(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return the edit that gives the edition a summary."""
    return ((EDITION, "seed:", f"summary: {text}\nseed:"),)


CASES = [
    Case("sentence-confidence", summed("We assess with high confidence that it is likely."), EDITION, ("summary:",),
         "edition 2024-07-ferry: summary has confidence and 'likely' in one sentence: “We assess with high confidence that",
         "write two: “It is likely that …” and “Our confidence in this is …: …”"),
    Case("sentence-terms", summed("It is likely, if not very likely, that the pact is signed."), EDITION, ("summary:",),
         "summary has two terms for one number: 'likely' and 'very likely'", "choose one of almost no chance, very unlikely"),
    Case("sentence-standard", summed("A signature is highly likely."), EDITION, ("summary:",),
         "summary has 'highly likely', no term of ICD 203", "write one of almost no chance, very unlikely"),
    Case("sentence-modal", summed("The pact might be signed."), EDITION, ("summary:",),
         "summary has 'might'", "say how likely: almost no chance, very unlikely"),
    Case("question-statement", stated("the ferry pact will be signed by the end of 2026"), QUESTIONS, ("statement:",),
         "statement has the numbers ['2026'], the title ['2025']", "write those of the title"),
    Case("edition-key-questions", ((EDITION, "draws:", "key_questions: [pact-by-2026]\ndraws:"),), EDITION, ("key_questions:",),
         "key question 'pact-by-2026' is not among its questions", "did you mean 'pact-by-2025' or"),
]  # fmt: skip
