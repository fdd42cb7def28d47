"""``forecast init``: begin a project of one's own, or see what a newer package changes in one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.cli.terminal import out, plain_errors
from forecasting.errors import UsageError

if TYPE_CHECKING:
    from forecasting.project.upgrade import Difference

MOST_ROWS = 12  # of one kind in one file, before the rest is counted


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder; with --upgrade, a project.")],
    example: Annotated[bool, typer.Option("--example", help="Also a small worked example, from text to edition.")] = False,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Show what this version of the package changes in a project.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="With --upgrade: take over what the project did not change.")] = False,
) -> None:
    """Begin a project of your own: grades, lexicons, counted classes, README, a notebook, settings for CI.

    Nothing is ever written over. --upgrade compares the tables and pages of a project with those of this package, row by row,
    and shows where your own rows differ; nothing is written without --write.

    Example: forecast init forecasts --example
    Example: forecast init forecasts --upgrade
    """
    with plain_errors():
        if (upgrade and example) or (write and not upgrade):
            raise UsageError("--upgrade looks at a project that is there, with --write to change it; leave the rest out")
        if upgrade:
            _upgrade(folder, write)
            return
        from forecasting.project.begin import begin_project

        paths = begin_project(folder, example=example)
        out.print(f"began a project in {folder}: {len(paths)} files; {folder / 'README.md'} says how to go on", markup=False)
        enter = "" if folder.resolve() == Path().resolve() else f"cd {folder} && "
        then = "forecast check && forecast run 2024-03-mira && forecast report 2024-03-mira"
        begin = "forecast new source --id SOURCE --text ARTICLE.txt"
        out.print(f"then: {enter}{then if example else begin}", markup=False)


def _upgrade(folder: Path, write: bool) -> None:
    from forecasting.project.upgrade import WRITTEN, differences, upgrade_project

    found = upgrade_project(folder) if write else differences(folder)
    for line in difference_lines(found):
        out.print(line, markup=False)
    takes = sum(item.what in WRITTEN for item in found)
    if not found:
        out.print("nothing differs from the package but rows of your own")
    elif write:
        out.print(f"took over {takes}; forecast check says whether all rules hold, forecast compare what moves", markup=False)
    elif takes:
        out.print(f"nothing was written; forecast init {folder} --upgrade --write takes over {takes}", markup=False)


def difference_lines(found: list[Difference]) -> list[str]:
    """Return what differs, file by file and kind by kind, with the cells that do."""
    from forecasting.project.upgrade import MEANING

    lines, groups = [], dict.fromkeys((item.file, item.what) for item in found)
    for file, what in groups:
        items = [item for item in found if (item.file, item.what) == (file, what)]
        lines.append(f"{file}: {len(items)} {what} ({MEANING[what]})")
        for item in [item for item in items if item.key][:MOST_ROWS]:
            pairs = ((name, *(_cell(text) for text in pair)) for name, pair in item.fields.items())
            cells = "; ".join(f"{name}: here {own}, package {packed}" for name, own, packed in pairs)
            lines.append(f"  {item.key}{': ' if cells else ''}{cells}")
        if len(items) > MOST_ROWS:
            lines.append(f"  and {len(items) - MOST_ROWS} more")
    return lines


def _cell(text: str) -> str:
    return f"'{text}'" if text else "nothing"
