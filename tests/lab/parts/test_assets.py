"""The page of a widget is one module, with what all widgets share in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forecasting.lab.elicit import widget as elicit
from forecasting.lab.panel import widget as panel
from forecasting.lab.parts.assets import script, style


@pytest.mark.parametrize("widget", [panel, elicit])
def test_a_module_imports_nothing_and_has_one_export(widget) -> None:
    code = script(widget.SCRIPT)
    assert not re.search(r"^import ", code, re.MULTILINE)
    assert re.findall(r"^export .*", code, re.MULTILINE) == ["export default { render };"]
    assert "innerHTML" not in code
    assert style(widget.STYLE).startswith(".fc-panel {")


def test_a_module_that_does_not_import_what_is_shared_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.js").write_text("export default {};\n", "utf-8")
    with pytest.raises(ValueError, match="import it once"):
        script(tmp_path / "own.js")
