"""Fit an edition: three layers of evidence, gated, propagated to paths, asked its questions."""
