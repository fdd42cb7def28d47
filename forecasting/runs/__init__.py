"""Runs on disk: write, read back, tell whether they are current, compare."""
