"""The command line: ``forecast --help`` explains each command in one line, and each command has an example."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from forecasting import __version__
from forecasting.cli.agree import agree
from forecasting.cli.backtest import backtest
from forecasting.cli.check import check, verify
from forecasting.cli.classes import classes
from forecasting.cli.compare import compare
from forecasting.cli.init import init
from forecasting.cli.learn import learn
from forecasting.cli.ledger import issue, resolve, retract
from forecasting.cli.new import new, remove
from forecasting.cli.notebook import notebook
from forecasting.cli.panel import panel
from forecasting.cli.refresh import refresh
from forecasting.cli.run import build, report, run
from forecasting.cli.score import score
from forecasting.cli.sheets import export, import_
from forecasting.cli.start import next_lines
from forecasting.cli.suggest import suggest
from forecasting.cli.suppose import given, watch
from forecasting.cli.terminal import out, plain_errors, refuse_nowhere, refuse_settings, say
from forecasting.cli.trace import trace
from forecasting.cli.whatif import whatif

COMMANDS = (
    init, check, run, build, refresh, report, notebook, trace, compare, whatif, given, watch, panel, backtest, issue, resolve,
    score, learn, retract, verify, suggest, classes, agree, export, import_, remove,
)  # fmt: skip


class Interruptible(TyperGroup):
    """Commands that answer Ctrl-C also where a library made an error of its own of it."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command.

        While pydantic builds the class of a record, in the first half second of many a command, it turns the interrupt into an
        error whose message ends with its name.
        """
        try:
            return super().invoke(ctx)
        except Exception as error:
            if not str(error).rstrip(": \n").endswith("KeyboardInterrupt"):
                raise
        with plain_errors():
            raise KeyboardInterrupt


app = typer.Typer(
    name="forecast",
    cls=Interruptible,
    help="Scenario forecasting from what articles say: every number traced to its source.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(f"forecasting {__version__}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Scenario forecasting from what articles say: every number traced to its source.

    Without a command it says what can be asked next, from where one stands.
    """
    os.environ["PYTHONSAFEPATH"] = "1"  # processes of ours take no module from the folder one stands in
    with plain_errors():
        refuse_nowhere()
        refuse_settings()
        if context.invoked_subcommand is None:
            say("\n".join(next_lines()))


for command in COMMANDS:
    app.command(command.__name__.rstrip("_"))(command)
app.add_typer(new, name="new")


if __name__ == "__main__":
    app()
