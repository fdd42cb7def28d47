"""The words for a probability: five standards, one rule from a number to its word."""
