"""One class per form of question: what it states, its own rules, its outcomes and how they follow from what happened."""
