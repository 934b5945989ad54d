"""Every command, by name, module and one line of help; a module is imported when its command is entered.

Typer has no lazy sub-apps: `Room` stands in the list and becomes the real command in `make_context`.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from opskit.cli.layout import lay_out

# a line of help is one clause of at most 66 characters, of at most 26 where two commands share a line
COMMANDS: dict[str, str] = {
    "init": "what is here, what to run: opskit.toml, ports.toml, .env.example",
    "check": "every finding, worst first, with a command that mends it",
    "fix": "mend what can be mended, in one plan; `opskit undo` takes it back",
    "up": "the database first, then the services, healthy, on loopback",
    "doctor": "what holds, what does not, and who must provide what",
    "env": "environment variables: check, example, init, generate",
    "db": "the database and its schema: init, check, url",
    "paths": "folders of one machine, hard-coded: scan, fix",
    "ports": "who claims which port: audit, assign, fix, who",
    "deps": "packages that services import: audit, fix, install",
    "stripe": "products, prices, webhooks: plan, bootstrap, status",
    "webhooks": "receivers of Stripe's events: check, probe, verify, replay",
    "status": "every service's state",
    "logs": "what the services print",
    "restart": "with .env read anew",
    "down": "stop all that `up` started",
    "run": "CMD with .env: run -- CMD",
    "undo": "take back a plan",
    "history": "the plans applied",
    "explain": "what a code means",
}

# how the list is laid out; a command that stands in none of them is a room, one line each
FIRST = ("init", "check", "fix", "up", "doctor")
DAILY = ("status", "logs", "restart", "down", "run", "undo", "history", "explain")

OPTIONS = """Options:
  --root DIR   the platform's folder [OPSKIT_ROOT; default: found from here up]
  --env NAME   which [env.NAME] of opskit.toml [OPSKIT_ENV; default: dev]
  --version, --help, --install-completion, --show-completion"""

EXITS = """Exit codes: 0 clean or done; 1 findings, pending changes, a service not ready, a
safe fix that failed; 2 usage, configuration or opskit's own failure; 3 a live
service refused or is out of reach; 130/143 signals. `run` gives its CMD's code."""


class Room(TyperGroup):
    """One entry of the list; imports `opskit.cli.NAME` when entered."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        command = typer.main.get_command(importlib.import_module(f"opskit.cli.{self.name}").app)
        command.name = self.name
        lay_out(command)
        return command.make_context(info_name, args, parent=parent, **extra)


class House(TyperGroup):
    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands.update({name: Room(name=name, help=line) for name, line in COMMANDS.items()})

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """One screen of 80 columns, drawn by hand: what to do first, the rooms, the rest two to a line."""
        formatter.write(screen())


def rooms() -> list[str]:
    """Commands that have commands of their own."""
    return [name for name in COMMANDS if name not in FIRST + DAILY]


def leaves() -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its words, laid out as `--help` shows it. Imports them all."""
    for name in COMMANDS:
        command = typer.main.get_command(importlib.import_module(f"opskit.cli.{name}").app)
        lay_out(command)
        for sub, leaf in getattr(command, "commands", {"": command}).items():
            yield f"{name} {sub}".strip(), leaf


def screen() -> str:
    pairs = [DAILY[i : i + 2] for i in range(0, len(DAILY), 2)]
    lines = ["Usage: opskit COMMAND ...   (opskit COMMAND --help: its options, with examples)", "", "Start here, in the platform's folder:"]
    lines += [f"  {name:<10}{COMMANDS[name]}" for name in FIRST]
    lines += ["", "One room at a time:", *(f"  {name:<10}{COMMANDS[name]}" for name in rooms())]
    lines += ["", "Day to day:", *("".join(f"  {name:<10}{COMMANDS[name]:<28}" for name in pair).rstrip() for pair in pairs)]
    return "\n".join([*lines, "", OPTIONS, "", EXITS, ""])


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
