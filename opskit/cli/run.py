"""`opskit run -- CMD`: one command with the platform's environment."""

import os
import re
import subprocess
import sys
from typing import Annotated

import typer

from opskit.cli.folders import made, unset
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.services import environment
from opskit.services.command import PYTHONS, interpreter

app = typer.Typer(add_completion=False, rich_markup_mode=None)
NAME = re.compile(r"\$\{?[A-Za-z_]")


@app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
             epilog="Examples: opskit run -- python manage.py migrate; opskit run -- sh -c 'echo $DATABASE_URL'")
def run(ctx: typer.Context, command: Annotated[list[str], typer.Argument(help="The command and its words.", metavar="-- CMD")]) -> int:
    """Run CMD with .env, .env.local, the folders of [paths] and .opskit/venv as services have them. The exit code is the command's own."""
    session = Session(ctx, "run")
    words = command[1:] if command[0] == "--" else list(command)
    if not words:
        raise OpskitError("there is no command after `--`", code="OPS-X003", help="opskit run -- python --version")
    environ = environ_of(session)
    if any(NAME.search(word) for word in words) and os.path.basename(words[0]) not in ("sh", "bash", "zsh"):
        session.say(f"opskit run uses no shell, so $NAME stays as it is; for its value: opskit run -- sh -c '{' '.join(words)}'")
    if PYTHONS.fullmatch(words[0]):
        words[0] = interpreter(session.root, "")
    sys.stdout.flush()
    try:
        if os.name == "posix":
            os.execvpe(words[0], words, environ)
        return subprocess.run(words, env=environ, check=False).returncode
    except FileNotFoundError:
        raise OpskitError(f"`{words[0]}` is not installed or not on PATH", code="OPS-X006") from None
    except OSError as error:
        raise OpskitError(f"`{words[0]}` cannot be run: {error.strerror}", code="OPS-X006") from error


def environ_of(session: Session) -> dict[str, str]:
    """What a command of the platform gets, with the folders of [paths] made."""
    found = made(session)
    return environment.with_venv(session.root, environment.layered(session.root, os.environ, found, unset(session, found)))
