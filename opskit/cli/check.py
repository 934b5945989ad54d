"""`opskit check [ROOMS]`: every finding, worst first."""

from dataclasses import replace
from typing import Annotated

import typer

from opskit.cli.baseline import against, update
from opskit.cli.completing import offer
from opskit.cli.options import Everything, ExitZero, Telling, flat
from opskit.cli.pipeline import ROOMS, Examined, chosen, examine, exit_code, report_of
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked
from opskit.core.listing import changed_since

app = typer.Typer(add_completion=False, rich_markup_mode=None)
EXAMPLES = "Examples: opskit check; opskit check ports env; opskit check --baseline --format github; opskit check --changed origin/main"


@app.command(epilog=EXAMPLES)
@flat
def check(
    ctx: typer.Context, telling: Telling,
    rooms: Annotated[
        list[str] | None, typer.Argument(metavar="ROOM", help=f"{', '.join(ROOMS)} [default: all].", autocompletion=offer(ROOMS))
    ] = None,
    everything: Everything = False, exit_zero: ExitZero = False,
    baseline: Annotated[bool, typer.Option("--baseline", envvar="OPSKIT_BASELINE", help="Leave out what the baseline knows.")] = False,
    update_baseline: Annotated[bool, typer.Option("--update-baseline", help="Write the baseline, or shrink the one there is.")] = False,
    changed: Annotated[
        str | None, typer.Option("--changed", envvar="OPSKIT_CHANGED", metavar="REV", help="Only files that differ from REV.")
    ] = None,
) -> int:
    """Tell every finding, worst first, each with a place, a reason and a command that mends it. Changes nothing."""
    session = Session(ctx, "check", *telling)
    session.say("reading the platform ...", slow=True)
    examined = examine(session, chosen(rooms), everything)
    if update_baseline:
        return _update(session, examined)
    notes = ["no file here to look at: run it in the platform's folder, or give --root DIR"] * (not session.tree.files)
    if baseline:
        compared = against(session, examined)
        examined = compared.examined
        notes += [f"{compared.known} known to the baseline, left out"] * bool(compared.known)
        notes += [f"stale in the baseline: {entry}" + f" ({count} times)" * (count > 1) for entry, count in compared.stale[:5]]
        notes += [f"stale in the baseline: {len(compared.stale) - 5} more files"] * (len(compared.stale) > 5)
        notes += ["the stale go with: opskit check --update-baseline"] * bool(compared.stale)
    if changed is not None:
        examined = _touched(session, examined, changed)
    notes += [f"an ignore without a reason counts for nothing: {place}" for place in examined.unreasoned[:5]]
    notes += ["next: opskit fix"] * any(f.fix == "safe" for f in examined.checked.findings)
    session.give(report_of(session, examined, whole=bool(rooms), notes=tuple(notes)))
    return exit_code(examined, exit_zero)


def _update(session: Session, examined: Examined) -> int:
    """The report holds no finding: what was written is what is told."""
    done = update(session, examined)
    fewer = f", {done.removed} fewer than before" * bool(done.removed)
    told = [f"opskit-baseline.json keeps {done.kept} finding{'s' * (done.kept != 1)}{fewer}"]
    told += [f"{done.left_out} are new and not in it: it only shrinks (to begin anew, remove it first)"] * bool(done.left_out)
    facts = {"baseline": [{"kept": done.kept, "removed": done.removed, "left_out": done.left_out}]}
    report = report_of(session, Examined(Checked(facts=facts), {}), notes=tuple(told))
    session.give(replace(report, judged=False))
    return 0


def _touched(session: Session, examined: Examined, revision: str) -> Examined:
    """Findings in files that differ from the revision, judged with the whole platform's facts."""
    paths = changed_since(session.root, revision)
    if paths is None:
        raise OpskitError(f"git knows no revision `{revision}` here", code="OPS-X003",
                          help="a clone of CI is often shallow: `git fetch origin main`, then opskit check --changed origin/main")
    kept = tuple(f for f in examined.checked.findings if paths & {f.place.path, *(also.path for also in f.also)})
    return replace(examined, checked=replace(examined.checked, findings=kept))
