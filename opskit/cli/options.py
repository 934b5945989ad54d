"""The options that commands share, each with its OPSKIT_* twin, so that a word means the same everywhere.

What goes together is one group: under `@flat` a parameter `telling: Telling` stands for --format, --json and --output.
"""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

import typer

from opskit.cli.completing import offer
from opskit.cli.session import FORMATS

ALONE = inspect.Parameter.KEYWORD_ONLY

Format = Annotated[
    str,
    typer.Option("--format", envvar="OPSKIT_FORMAT", help="text (default), json, sarif, github, junit, markdown.", metavar="FORMAT",
                 show_default=False, autocompletion=offer(FORMATS)),
]
Json = Annotated[bool, typer.Option("--json", envvar="OPSKIT_JSON", help="Short for --format json.")]
Output = Annotated[Path | None, typer.Option("--output", envvar="OPSKIT_OUTPUT", help="Write the report to this file.")]
Everything = Annotated[bool, typer.Option("--all", envvar="OPSKIT_ALL", help="Include disabled services.")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", envvar="OPSKIT_EXIT_ZERO", help="Exit 0 in spite of findings.")]
DryRun = Annotated[bool, typer.Option("--dry-run", envvar="OPSKIT_DRY_RUN", help="Show what would change; write nothing.")]
Diff = Annotated[bool, typer.Option("--diff", envvar="OPSKIT_DIFF", help="Show the whole diff.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", envvar="OPSKIT_YES", help="Do not ask.")]
Review = Annotated[bool, typer.Option("--review", envvar="OPSKIT_REVIEW", help="Also apply fixes that want a person's eye.")]
AllowDirty = Annotated[bool, typer.Option("--allow-dirty", envvar="OPSKIT_ALLOW_DIRTY", help="Change files with uncommitted edits too.")]


class Telling(NamedTuple):
    """How the report is told; a Session takes it whole: `Session(ctx, "fix", *telling)`."""

    format: Format = "text"
    json: Json = False
    output: Output = None


class Looking(NamedTuple):
    """What a fix takes in."""

    everything: Everything = False
    review: Review = False


class Acting(NamedTuple):
    """How a changing command was asked to act; as a parameter under `options.flat` it stands for these four options."""

    dry_run: DryRun = False
    diff: Diff = False
    yes: Yes = False
    allow_dirty: AllowDirty = False


def flat(command: Callable[..., int]) -> Callable[..., int]:
    """The same command with each group's options as its own parameters, in their order, for Typer to read."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if hasattr(hint, "_fields")}

    @functools.wraps(command)
    def called(**given: Any) -> int:
        made = {name: group(**{field: given.pop(field) for field in group._fields}) for name, group in groups.items()}
        return command(**given, **made)

    own = [p for name, parameter in inspect.signature(command).parameters.items() for p in _spread(parameter, groups.get(name))]
    called.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    called.__annotations__ = {p.name: p.annotation for p in own}
    return called


def _spread(parameter: inspect.Parameter, group: Any) -> list[inspect.Parameter]:
    if group is None:
        return [parameter.replace(kind=ALONE)]
    hints, defaults = get_type_hints(group, include_extras=True), group._field_defaults
    return [inspect.Parameter(name, ALONE, default=defaults[name], annotation=hints[name]) for name in group._fields]
