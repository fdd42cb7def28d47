"""Write the published schemas from the records they describe: ``python -m tools.docs.schemas`` writes ``docs/schemas/``."""

from __future__ import annotations

from pathlib import Path

from forecasting.report.formats.twin_records import NAME, schema_text

PROJECT = Path(__file__).resolve().parents[2]
SCHEMAS = {PROJECT / "docs" / "schemas" / f"{NAME}.json": schema_text}


def main() -> None:
    """Write every schema."""
    for path, text in SCHEMAS.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
