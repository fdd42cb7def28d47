"""The pages that are rendered from the code: ``python -m tools.docs.architecture`` rewrites all of them.

They are ``docs/checks.md``, ``docs/run-tables.md`` and the tables of ``docs/architecture.md``.
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecasting.models.base import Model

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "forecasting"
PAGE = PROJECT / "docs" / "architecture.md"
# from the ground up: a room may import from those before it; sisters under models/ may not import each other
ROOMS = (
    "errors", "arguments", "files", "shown", "standards", "forecasts", "dossier", "elicitation", "rules", "coding", "inference",
    "paths", "models", "fitting", "analysis", "runs", "ledger", "scoring", "learning", "exchange", "backtest", "trace", "report",
    "lab", "project", "cli",
)  # fmt: skip


def first_sentence(path: Path) -> str:
    """Return the first paragraph of a module's docstring on one line."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0].replace("\n", " ").replace("``", "`")


def rooms() -> str:
    """Return every room with its sentence, the highest first."""
    rows = []
    for room in reversed(ROOMS):
        folder = PACKAGE / room
        path = folder / "__init__.py" if folder.is_dir() else PACKAGE / f"{room}.py"
        files = len([one for one in folder.rglob("*.py") if one.name != "__init__.py"]) if folder.is_dir() else 1
        rows.append((f"`{room}{'/' if folder.is_dir() else '.py'}`", first_sentence(path), str(files)))
    return table(("room", "what it is for", "modules"), rows)


def model_classes() -> dict[str, type[Model]]:
    """Return the class behind the protocol in every ``models/<name>/model.py``, by the name of its folder."""
    from forecasting.models.named import model_class, model_names

    return {name: model_class(name) for name in model_names()}


def models() -> str:
    """Return every model behind the protocol."""
    rows = [
        (f"`{model.name}`", model.title, ", ".join(sorted(model.claim_kinds)) or "none", ", ".join(sorted(model.question_forms)))
        for model in (one() for one in model_classes().values())
    ]
    return table(("model", "title", "claim kinds it reads", "question forms it answers"), rows)


def one_line(text: str) -> str:
    """Return a paragraph of a docstring on one line, as Markdown."""
    return " ".join(text.split()).replace("``", "`")


def protocol() -> str:
    """Return every member of the protocol of models: its type, or its arguments and what it returns, and what that is."""
    tree = ast.parse((PACKAGE / "models" / "base.py").read_text("utf-8"))
    (model,) = [one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == "Model"]
    described = dict(re.findall(r"^(\w+) : .+\n((?:    .+\n?)+)", ast.get_docstring(model) or "", re.MULTILINE))
    rows = []
    for member in model.body:
        if isinstance(member, ast.AnnAssign):
            name = ast.unparse(member.target)
            rows.append((f"`{name}`", f"`{ast.unparse(member.annotation)}`", one_line(described[name])))
        elif isinstance(member, ast.FunctionDef):
            arguments = ast.unparse(member.args).removeprefix("self, ")
            what = one_line((ast.get_docstring(member) or "").split("\n\n")[0])
            rows.append((f"`{member.name}({arguments})`", f"`{ast.unparse(member.returns)}`", what))
    return table(("member", "type", "what it is"), rows)


def forms() -> str:
    """Return every form of a question."""
    from forecasting.dossier.questions import FORMS

    rows = [(f"`{name}`", (inspect.getdoc(form) or "").split("\n\n")[0].replace("\n", " ")) for name, form in FORMS.items()]
    return table(("form", "outcomes"), rows)


def analyses() -> str:
    """Return every analysis that a run holds."""
    from forecasting.analysis.registry import ANALYSES

    return table(("analysis", "what it shows"), [(f"`{one.name}`", one.title) for one in ANALYSES])


def rules() -> str:
    """Return how many rules there are, group by group."""
    from forecasting.rules.check import RULES

    return table(("rules about", "how many"), [(group.lower(), str(len(found))) for group, found in RULES.items()])


def commands() -> str:
    """Return every command with its line of help."""
    from forecasting.cli.main import COMMANDS

    rows = [(f"`forecast {f.__name__.rstrip('_')}`", (inspect.getdoc(f) or "").split("\n\n")[0],
             f"`cli/{Path(inspect.getfile(f)).name}`") for f in COMMANDS]  # fmt: skip
    return table(("command", "what it does", "file"), rows)


TABLES = {
    "rooms": rooms, "models": models, "protocol": protocol, "forms": forms, "analyses": analyses, "rules": rules,
    "commands": commands,
}  # fmt: skip


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def rendered(text: str) -> str:
    """Return the page with every table between its two comments made anew."""
    for name, make in TABLES.items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
        assert re.search(pattern, text, re.DOTALL), f"docs/architecture.md has no place for the table of {name}"
        text = re.sub(pattern, lambda found, make=make: f"{found[1]}{make()}\n{found[2]}", text, flags=re.DOTALL)
    return text


def write() -> None:
    """Write every page that is rendered from the code."""
    from forecasting.analysis.registry import tables_page
    from forecasting.rules.check import rules_page

    PAGE.write_text(rendered(PAGE.read_text("utf-8")), "utf-8")
    (PROJECT / "docs" / "checks.md").write_text(rules_page(), "utf-8")
    (PROJECT / "docs" / "run-tables.md").write_text(tables_page(), "utf-8")


if __name__ == "__main__":
    write()
