"""Trace any record: a number back to its sentences, or a source forward to every number it moves."""
