"""`opskit logs`: what the services print."""

import heapq
import sys
from pathlib import Path
from typing import Annotated

import typer

from opskit.cli.completing import root_of
from opskit.cli.session import Session
from opskit.cli.watching import Watching
from opskit.core.colour import coloured
from opskit.core.errors import OpskitError
from opskit.services import control, launch, screen
from opskit.services.logs import names as logged
from opskit.services.logs import stored

LOGS = Path(".opskit", "logs")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _offered(ctx: typer.Context, incomplete: str) -> list[str]:
    return [name for name in _there(root_of(ctx) / LOGS) if name.startswith(incomplete)]


@app.command(epilog="Examples: opskit logs; opskit logs api -n 200; opskit logs api web -f")
def logs(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Services [default: all].", autocompletion=_offered)] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what they print now.")] = False,
    count: Annotated[int, typer.Option("--lines", "-n", envvar="OPSKIT_LINES", help="How many lines of each.", min=0)] = 50,
) -> int:
    """The last lines of each service in the order of their time, also of those that have ended; secrets are masked."""
    session = Session(ctx, "logs")
    folder = session.root / LOGS
    wanted = _chosen(folder, names or [])
    client = control.connect(launch.folder_of(session.root)) if follow else None
    width, colour = max((len(name) for name in wanted), default=0), coloured(sys.stdout)
    for line in heapq.merge(*(stored(folder, name, count) for name in wanted), key=lambda line: line.when):
        sys.stdout.write(session.redact(screen.prefixed(line.name, f"{line.when} {line.text}", width, colour)))
    sys.stdout.flush()
    if follow and client is None:
        session.say("nothing is up, so nothing more will come")
    if client is not None:
        client.send("follow", names=names or [])
        Watching(session, client, wanted).until_ended()
    return 0


def _chosen(folder: Path, names: list[str]) -> tuple[str, ...]:
    there = _there(folder)
    if unknown := [name for name in names if name not in there]:
        raise OpskitError(f"there is no log of `{unknown[0]}`", code="OPS-V003", help=f"there are: {', '.join(there) or 'none yet'}")
    return tuple(names) or there


def _there(folder: Path) -> tuple[str, ...]:
    return tuple(logged(folder)) if folder.is_dir() else ()
