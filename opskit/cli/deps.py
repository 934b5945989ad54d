"""`opskit deps audit | fix | install`: what services import, what manifests declare, and the environment they run in."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

import typer

from opskit.cli.mending import mend
from opskit.cli.options import Acting, DryRun, Everything, ExitZero, Looking, Telling, Yes, flat
from opskit.cli.pipeline import examine, exit_code, report_of
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked, Finding
from opskit.core.lock import lock
from opskit.core.settle import Settled
from opskit.report.model import Report, Table

ROOM = ("deps",)
TOLD = ("missing", "unmanaged", "along", "optional")

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Dependencies: audit, fix, install.")


@app.command(epilog="Examples: opskit deps audit; opskit deps audit --all --json")
@flat
def audit(
    ctx: typer.Context,
    telling: Telling,
    everything: Everything = False,
    exit_zero: ExitZero = False,
) -> int:
    """Hold the services' imports against the nearest manifests. Changes nothing and asks no index."""
    session = Session(ctx, "deps audit", *telling)
    examined = examine(session, ROOM, everything)
    notes = ("next: opskit deps fix",) if any(f.fix == "safe" for f in examined.checked.findings) else ("next: opskit deps install",)
    session.give(report_of(session, examined, whole=True, tables=_packages(examined.checked), notes=notes))
    return exit_code(examined, exit_zero)


@app.command(epilog="Examples: opskit deps fix --dry-run --diff; opskit deps fix --all --yes")
@flat
def fix(ctx: typer.Context, looking: Looking, acting: Acting, telling: Telling) -> int:
    """Add missing packages to their manifests, where it is certain which. `opskit undo` takes it back."""
    return mend(Session(ctx, "deps fix", *telling), ROOM, acting, *looking, whole=True, left=_left)


@app.command(epilog="Examples: opskit deps install --dry-run; opskit deps install --yes; opskit deps install --all --yes --prove")
@flat
def install(
    ctx: typer.Context,
    telling: Telling,
    everything: Everything = False,
    prove: Annotated[
        bool, typer.Option("--prove", envvar="OPSKIT_PROVE", help="Then import the packages' names, never the platform's files.")
    ] = False,
    installer: Annotated[str, typer.Option("--installer", envvar="OPSKIT_INSTALLER", help="uv, pip or auto.", metavar="NAME")] = "auto",
    limit: Annotated[
        float, typer.Option("--limit", envvar="OPSKIT_LIMIT", help="Seconds that one call of the installer may take.", min=1)
    ] = 900.0,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Make .opskit/venv and install what the services' manifests declare. A package that fails is told; the rest goes in."""
    from opskit.deps.install.install import fulfil, is_fulfilled, targets
    from opskit.deps.install.installer import find_installer

    session = Session(ctx, "deps install", *telling)
    if installer not in ("auto", "uv", "pip"):
        raise OpskitError(f"--installer {installer} is not one of: auto, uv, pip", code="OPS-X003", help="opskit deps install --help")
    wanted = targets(session.survey, everything)
    pending = [target for target in wanted if not is_fulfilled(target)]
    calls = tuple(call for target in pending for call in target.calls)
    report = Report(session.command, plan=Settled((), calls, calls, ()), files=len(session.tree.files), whole=True)
    if dry_run or not wanted:
        session.give(replace(report, seconds=session.seconds, notes=() if calls else (f"nothing to install: {_why(wanted)}",)))
        return int(bool(calls))
    with_what = find_installer(installer, session.world.environ, limit, session.say)
    names = ", ".join(t.environment.name for t in pending)
    if pending and not session.ask(f"Install {len(calls)} package{'s' * (len(calls) != 1)} into {names} with {with_what.name}?", yes):
        raise OpskitError("nothing was installed", code="OPS-X013", help="opskit deps install --dry-run shows what would be")
    with lock(session.root, "opskit deps install"):
        results = [fulfil(target, with_what, session.say) for target in wanted]
    proofs = [proof for r in results if r.trouble is None for proof in _proved(session, r.target, with_what.environ)] if prove else []
    session.give(_installed(session, report, results, proofs))
    return int(not all(r.is_whole for r in results) or any(p.reason for p in proofs))


def _why(wanted: tuple[Any, ...]) -> str:
    return "it is all there" if wanted else "no service imports a package"


def _proved(session: Session, target: Any, environ: Any) -> Any:
    from opskit.deps.install.proof import prove

    session.say(f"importing what the services import, in {target.environment.name}")
    return prove(target.environment, target.services, environ)


def _installed(session: Session, report: Report, results: Iterable[Any], proofs: list[Any]) -> Report:
    """What went in, what did not and why, and what each service can import."""
    results = list(results)
    went_in = {w.line for r in results for w in r.accepted if r.changed}
    calls = tuple(c for c in report.plan.calls if c.action.removeprefix("install ") in went_in) if report.plan else ()
    facts = {
        "environments": [r.facts for r in results],
        "failed": [
            {
                "package": f.wanted.name,
                "requirement": f.wanted.line,
                "reason": f.reason.text,
                "mend": f.reason.mend,
                "places": [str(p) for p in f.wanted.places],
            }
            for r in results
            for f in r.failed
        ],
        "imports": [{"import": p.name, "services": list(p.services), "importable": not p.reason, "reason": p.reason} for p in proofs],
    }
    notes = [f"relaxed: {told}" for r in results for told in r.facts["relaxed"]] + [
        f"left to you: {left}" for r in results for left in r.target.union.left
    ]
    notes += [
        f"{r.target.environment.name}: {len(r.installed)} packages; {len(r.accepted)} of {len(r.target.union.wanted)} declared ones"
        + ("" if r.changed else "; nothing to do")
        for r in results
    ]
    if proofs:
        unable = {name for p in proofs if p.reason for name in p.services}
        every = {s.name for r in results for s in r.target.services}
        notes += [f"cannot import {p.name}: {p.reason} ({', '.join(p.services[:3])})" for p in proofs if p.reason]
        notes += [f"{len(every - unable)} of {len(every)} services can import all that they want"]
    checked = Checked(tuple(f for r in results for f in r.findings), facts)
    plan = Settled((), calls, calls, ()) if session.format == "json" else None
    return replace(
        report, checked=checked, plan=plan, applied=bool(calls), seconds=session.seconds, notes=tuple(notes), source=_source(session)
    )


def _source(session: Session) -> Any:
    def text(path: str, line: int) -> str:
        lines = session.tree.lines(path)
        return lines.text(line) if 0 < line <= len(lines) else ""

    return text


def _packages(checked: Checked) -> tuple[Table, ...]:
    """What is needed and not simply declared; the rest is counted."""
    facts = checked.facts.get("packages", [])
    rows = tuple(
        (
            p["package"],
            p["status"],
            p["manifest"] or "-",
            p["importers"][0] + (f" +{len(p['importers']) - 1}" if len(p["importers"]) > 1 else ""),
        )
        for p in facts
        if p["status"] in TOLD
    )
    return (
        Table(f"{len(facts)} packages, {len(facts) - len(rows)} of them declared", ("package", "status", "manifest", "imported by"), rows),
    )


def _left(findings: tuple[Finding, ...]) -> str:
    lacking = sum(f.code in ("OPS-K001", "OPS-K002") for f in findings)
    return f"{lacking} packages not declared, {len(findings)} findings in all   (next: opskit deps install)"
