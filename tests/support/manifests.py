"""Manifests and gates of runs that nobody made, for tests of how runs are read and shown."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from forecasting.dossier.edition import EditionDossier
from forecasting.files import canonical_json, text_digest
from forecasting.forecasts import Gate
from forecasting.runs.manifest import SCHEMA, Manifest

DIGEST = "0123456789abcdef" * 4
# one verdict on every criterion that a gate has to judge: criterion, worst, value, bound, passed, fix
VERDICTS = (
    ("draws returned", "the sampler", 8000.0, "4 × 2000", True, "run again"),
    ("chains", "the sampler", 4.0, "≥ 4", True, "run four chains or more"),
    ("finite", "all quantities", 0.0, "0 with NaN or infinity", True, "look for an impossible combination"),
    ("stuck", "all quantities", 0.0, "0 with one value in a whole chain", True, "run again"),
    ("R-hat", "p[posterior pact-by-2025:yes]", 1.0034, "≤ 1.01", True, "raise 'draws' of the edition"),
    ("ESS (bulk)", "p[posterior pact-by-2025:yes]", 1900.0, "≥ 400", True, "raise 'draws' of the edition"),
    ("ESS (tail)", "p[posterior pact-by-2025:yes]", 1700.0, "≥ 400", True, "raise 'draws' of the edition"),
    ("MCSE", "p[posterior toll-by-2025:yes]", 0.0023, "≤ 0.005", True, "raise 'draws'"),
    ("divergences", "the sampler", 0.0, "0", True, "look at the widest spread"),
    ("E-BFMI", "chain 2", 0.8, "≥ 0.3", True, "raise 'draws' of the edition"),
)  # fmt: skip
PASSED = Gate(len(VERDICTS))
FAILED = Gate(len(VERDICTS), ("R-hat 1.03 at p[posterior pact-by-2025:yes], wanted ≤ 1.01",))


def gate_entry(gate: Gate) -> dict[str, Any]:
    """Return a gate as a manifest has it."""
    return json.loads(json.dumps(dataclasses.asdict(gate), default=str))


def late(edition: EditionDossier) -> dict[str, str]:
    """Return what a manifest says of a reconstructed edition, and nothing of any other."""
    return {"reconstructed": edition.edition.reconstructed} if edition.edition.reconstructed else {}


def made_up_manifest(edition: EditionDossier, gate: Gate = PASSED, **changes: Any) -> Manifest:
    """Return a manifest of an edition's run whose digests stand for nothing, with its own digest in order."""
    fields = {
        "schema": SCHEMA, "edition": edition.edition.id, "as_of": str(edition.as_of), "seed": edition.edition.seed,
        "command": f"forecast run {edition.edition.id}", "records": {"claims": DIGEST, "history": DIGEST[::-1]}, "code": DIGEST,
        "python": "3.13.0", "packages": {"pymc": "6.4.0", "nutpie": "0.16.1"}, "gate": gate_entry(gate),
        "outputs": {"forecasts.json": {"sha256": DIGEST, "n_bytes": 7}}, **late(edition),
        **changes,
    }  # fmt: skip
    return Manifest.model_validate_json(json.dumps({**fields, "digest": text_digest(canonical_json(fields))}))
