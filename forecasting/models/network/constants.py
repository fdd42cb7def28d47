"""What the network holds fixed whatever an edition says: scales of shared errors, and what facts repeat of each other."""

from __future__ import annotations

from math import log, pi

# Scales of the half-normal errors that all claims of one source, of one origin, or each alone carry beyond words and grades: with
# the grades of priors/grades.csv, calibrated to how overconfident experts are (docs/decisions/grades.md).
SOURCE_SD = 0.4
ORIGIN_SD = 0.4
RESIDUAL_SD = 0.2
# Scale of the half-normal by which a hazard wanders off what was said of it, per square root of a year: after four years, a term
# of office, a case is as far from what it was as members of a class are apart, 0.7 (docs/decisions/ageing-claims.md).
DRIFT_SD = 0.35
# What a report retold in another source keeps of its weight, and by how much of r ~ Beta(2, 2) other facts of one origin, of one
# source, or of neither overlap (docs/decisions/grades.md, "Overlap").
RETOLD = 0.1
OVERLAP_WEIGHTS = (1.0, 0.75, 0.5)
HALF_LOG_TAU = log(2 * pi) / 2  # −log of the standard normal density at zero
