"""Counts and volumes: published numbers as readings of local levels on the log scale, with trends and changes of regime."""
