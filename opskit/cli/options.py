"""The options that commands share, each with its OPSKIT_* twin, so that a word means the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

Format = Annotated[
    str, typer.Option("--format", envvar="OPSKIT_FORMAT", help="text, json, sarif, github, junit, markdown.", metavar="FORMAT")
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
