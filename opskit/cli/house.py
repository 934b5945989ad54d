"""Every command, by name, module and one line of help; a module is imported when its command is entered.

Typer has no lazy sub-apps: `Room` stands in the list and becomes the real command in `make_context`.
"""

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

COMMANDS: dict[str, str] = {
    "init": "Discover the platform: opskit.toml, ports.toml, .env.example; propose what to run.",
    "check": "Every finding, worst first, with a place, a reason and a command that mends it.",
    "fix": "One reviewed plan of edits over all rooms; `opskit undo` takes it back.",
    "up": "Start the database, then the services, healthy, on loopback.",
    "doctor": "What holds, what does not, and who must provide what.",
    "status": "What runs, on which port, in which state.",
    "logs": "What the services print.",
    "down": "Stop everything that `up` started.",
    "restart": "Stop and start services again, with the environment read anew.",
    "run": "Run one command with the platform's environment.",
    "env": "Environment variables: check, example, init, generate.",
    "db": "The database and its schema: init, check, url.",
    "ports": "Ports: audit, assign, fix, who.",
    "deps": "Dependencies: audit, fix, install.",
    "undo": "Take back the last plan, byte for byte.",
    "history": "The plans that were applied.",
    "explain": "What a diagnostic code means, with a bad and a good example.",
}

START = """Start here, in the platform's folder:

  opskit init        what is here, what to run (writes opskit.toml)
  opskit check       what is wrong, worst first
  opskit fix         mend what can be mended (opskit undo takes it back)
  opskit up          database and services, healthy, on loopback
"""

EXITS = """Exit codes: 0 clean or done; 1 findings, pending changes, a service not ready, a safe fix that failed;
2 usage, configuration or opskit's own failure; 3 a live service refused or cannot be reached;
130/143 signals. `opskit run -- CMD` gives the command's own code."""


class Room(TyperGroup):
    """One entry of the list; imports `opskit.cli.NAME` when entered."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        command = typer.main.get_command(importlib.import_module(f"opskit.cli.{self.name}").app)
        command.name = self.name
        return command.make_context(info_name, args, parent=parent, **extra)


class House(TyperGroup):
    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands.update({name: Room(name=name, help=line) for name, line in COMMANDS.items()})

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(START + "\n")
        super().format_help(ctx, formatter)
        formatter.write("\n" + EXITS + "\n")


app = typer.Typer(
    name="opskit", cls=House, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def house(
    ctx: typer.Context,
    root: Annotated[
        Path | None, typer.Option("--root", envvar="OPSKIT_ROOT", help="The platform's folder [default: found upward from here].")
    ] = None,
    env: Annotated[str, typer.Option("--env", envvar="OPSKIT_ENV", help="Which [env.NAME] of opskit.toml.")] = "dev",
) -> None:
    """An operator's toolkit: from a repository that runs on its author's laptop to a platform in production."""
    ctx.obj = {"root": root, "env": env}
