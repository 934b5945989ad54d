"""`opskit paths scan | fix`: what only works on its author's machine, and the rewriting of it."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.cli.options import Acting, ExitZero, Looking, Telling, flat
from opskit.cli.pipeline import Examined, examine, exit_code, report_of
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked, Finding
from opskit.report.model import Table

if TYPE_CHECKING:
    from opskit.core.change import Plan

ROOM = ("paths",)
FALLBACKS = ("repo", "original")

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Hard-coded paths: scan, fix.")

Default = Annotated[
    str, typer.Option("--default", envvar="OPSKIT_DEFAULT", metavar="repo|original",
                      help="The fallback: this repository's own folder, or the old value."),
]
Shared = Annotated[
    bool, typer.Option("--shared", envvar="OPSKIT_SHARED",
                       help="One module of folders a Python package, where it is proved how its modules are loaded."),
]


@app.command(epilog="Examples: opskit paths scan; opskit paths scan --json; opskit paths scan --format sarif --output paths.sarif")
@flat
def scan(ctx: typer.Context, telling: Telling, exit_zero: ExitZero = False) -> int:
    """List the folders of other machines, how much hangs on each, then every place. Changes nothing."""
    session = Session(ctx, "paths scan", *telling)
    examined = examine(session, ROOM)
    notes = ("next: opskit paths fix",) if any(f.fix == "safe" for f in examined.checked.findings) else ()
    session.give(report_of(session, examined, whole=True, tables=tables(examined), notes=notes))
    return exit_code(examined, exit_zero)


@app.command(epilog="Examples: opskit paths fix --dry-run --diff; opskit paths fix --yes; opskit paths fix --default original --review; "
             "opskit paths fix --shared")
@flat
def fix(ctx: typer.Context, looking: Looking, acting: Acting, telling: Telling, default: Default = "repo",
        shared: Shared = False) -> int:
    """Rewrite what can be proved to mean the same file, from the environment. `opskit undo` takes it back."""
    if default not in FALLBACKS:
        raise OpskitError(f"--default {default} is not one of: {', '.join(FALLBACKS)}", code="OPS-X003", help="opskit paths fix --help")
    from opskit.cli.mending import mend

    session = Session(ctx, "paths fix", *telling)

    def proposed(session: Session, examined: Examined, everything: bool, review: bool) -> "Plan":
        from opskit.paths.facts import How
        from opskit.paths.fix import plan

        how = How("original" if default == "original" else "repo", shared)
        return plan(session.survey, examined.by_room["paths"], everything, review, how)

    return mend(session, ROOM, acting, *looking, whole=True, left=_left, propose=proposed)


def tables(examined: Examined) -> tuple[Table, ...]:
    """The roots, then what stands where."""
    facts = examined.checked.facts
    roots = tuple((str(r["variable"]), str(r["uses"]), str(r["prefix"])) for r in facts.get("roots", []) if r["uses"])
    counted = Counter((str(f["role"]), str(f["class"])) for f in facts.get("paths", []))
    mended = Counter((str(f["role"]), str(f["class"])) for f in facts.get("paths", []) if f["fix"] == "safe")
    rows = tuple((role, kind, str(count), str(mended[role, kind] or "-")) for (role, kind), count in sorted(counted.items()))
    return tuple(
        table for table in (
            Table("Folders", ("variable", "uses", "stands for"), roots),
            Table("Paths", ("in", "class", "count", "mendable"), rows),
        ) if table.rows
    )


def _left(findings: tuple[Finding, ...]) -> str:
    code, configuration = (sum(f.code == wanted for f in findings) for wanted in ("OPS-W001", "OPS-W002"))
    return f"{code} paths in code, {configuration} files of configuration   (opskit paths scan)"


def summary(checked: Checked) -> tuple[int, int, int, int]:
    """(in code, files of configuration, files of prose, fallbacks), as `doctor` tells them."""
    found = Counter(f.code for f in checked.findings)
    return found["OPS-W001"] + found["OPS-W007"] + found["OPS-W008"], found["OPS-W002"], found["OPS-W003"], found["OPS-W005"]
