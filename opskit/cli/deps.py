"""`opskit deps audit | fix`: what services import against what manifests declare."""

from dataclasses import replace

import typer

from opskit.cli.acting import Acting, act
from opskit.cli.options import AllowDirty, Diff, DryRun, Everything, ExitZero, Format, Json, Output, Review, Yes
from opskit.cli.pipeline import examine, exit_code, propose, report_of
from opskit.cli.session import Session
from opskit.core.finding import Checked
from opskit.report.model import Table

ROOM = ("deps",)
TOLD = ("missing", "unmanaged", "along", "optional")

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Dependencies: audit, fix, install.")


@app.command(epilog="Examples: opskit deps audit; opskit deps audit --all --json")
def audit(
    ctx: typer.Context, everything: Everything = False, format: Format = "text", json: Json = False, output: Output = None, exit_zero: ExitZero = False,
) -> int:
    """Hold the services' imports against the nearest manifests. Changes nothing and asks no index."""
    session = Session(ctx, "deps audit", format, json, output)
    examined = examine(session, ROOM, everything)
    notes = ("next: opskit deps fix",) if any(f.fix == "safe" for f in examined.checked.findings) else ("next: opskit deps install",)
    session.give(report_of(session, examined, whole=True, tables=_packages(examined.checked), notes=notes))
    return exit_code(examined, exit_zero)


@app.command(epilog="Examples: opskit deps fix --dry-run --diff; opskit deps fix --all --yes")
def fix(
    ctx: typer.Context, everything: Everything = False, review: Review = False, dry_run: DryRun = False, diff: Diff = False, yes: Yes = False,
    allow_dirty: AllowDirty = False, format: Format = "text", json: Json = False, output: Output = None,
) -> int:
    """Add missing packages to their manifests, where it is certain which. `opskit undo` takes it back."""
    session = Session(ctx, "deps fix", format, json, output)
    examined = examine(session, ROOM, everything)
    plan = propose(session, examined, everything, review)
    report = report_of(session, examined, whole=True)
    if session.format == "text":
        report = replace(report, checked=Checked())
    outcome = act(session, plan, Acting(dry_run, diff, yes, allow_dirty), report)
    if dry_run:
        return int(bool(outcome.settled.rewrites))
    session.refresh()
    left = examine(session, ROOM, everything).checked.findings
    session.say(f"left after this: {sum(f.code in ('OPS-K001', 'OPS-K002') for f in left)} packages not declared, {len(left)} findings in all"
                "   (next: opskit deps install)")
    return int(bool(outcome.settled.dropped))


def _packages(checked: Checked) -> tuple[Table, ...]:
    """What is needed and not simply declared; the rest is counted."""
    facts = checked.facts.get("packages", [])
    rows = tuple((p["package"], p["status"], p["manifest"] or "-", p["importers"][0] + (f" +{len(p['importers']) - 1}" if len(p["importers"]) > 1 else ""))
                 for p in facts if p["status"] in TOLD)
    return (Table(f"{len(facts)} packages, {len(facts) - len(rows)} of them declared", ("package", "status", "manifest", "imported by"), rows),)
