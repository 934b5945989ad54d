"""`opskit init`: what is here, what to run."""

from collections import Counter
from typing import Annotated

import typer

from opskit.cli.acting import act
from opskit.cli.gate import gate_notes, plan_gate
from opskit.cli.options import Acting, Telling, flat
from opskit.cli.pipeline import Examined, report_of
from opskit.cli.session import Session
from opskit.cli.stripe_draft import drafted
from opskit.core.change import Plan
from opskit.core.finding import Checked
from opskit.db.sightings import schema_files
from opskit.env.contract import contract_change
from opskit.env.fix import ignore_change
from opskit.env.variables import variables
from opskit.paths.judge import paths_of
from opskit.paths.setting import keep_roots, roots_text
from opskit.report.model import Report, Table
from opskit.services.manifest_text import plan_files
from opskit.services.proposal import Proposed, propose, vanished
from opskit.services.publish import check_publish
from opskit.survey.facts import Service

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit init --dry-run; opskit init --yes; opskit init --ci --json")
@flat
def init(
    ctx: typer.Context, acting: Acting, telling: Telling,
    gate: Annotated[
        bool, typer.Option("--ci", envvar="OPSKIT_CI", help="Also write a gate for GitHub or GitLab, and for pre-commit.")
    ] = False,
) -> int:
    """Discover the platform and propose what to run. A second run adds what is new; your edits win."""
    session = Session(ctx, "init", *telling)
    session.say(f"reading {session.root} ...")
    survey = session.survey
    proposed = propose(survey.seen, session.manifest)
    schema = tuple(schema_files(session.tree))
    roots = paths_of(survey).roots
    changes = plan_files(session.tree, session.manifest, proposed, schema, roots_text(roots))
    changes += [kept] if (kept := keep_roots(session.tree, session.manifest, roots)) else []
    environment = (contract_change(session.tree, variables(survey, True), "OPS-E017"), ignore_change(session.tree))
    changes += [change for change in environment if change]
    changes += drafted(session, asks=not (acting.yes or acting.dry_run))
    changes += plan_gate(session.tree) if gate else []
    outcome = act(session, Plan(tuple(changes)), acting, _report(session, survey.seen, proposed, gate))
    return int(acting.dry_run and bool(outcome.settled.rewrites))


def _report(session: Session, seen: tuple[Service, ...], proposed: tuple[Proposed, ...], gate: bool) -> Report:
    gone = vanished(seen, session.manifest)
    facts: dict[str, list[dict[str, object]]] = {"services": [_fact(p) for p in proposed], "vanished": [{"name": name} for name in gone]}
    examined = Examined(Checked(check_publish(session.tree), facts, session.survey.unresolved), {})
    notes = tuple(f"vanished: [services.{name}] names no file that is there; remove it from opskit.toml" for name in gone)
    then = "opskit check --update-baseline, then commit opskit-baseline.json beside the gate" if gate else "opskit check"
    notes = (*notes, *_kinds(seen, proposed), *(gate_notes(session.tree) if gate else ()), f"next: {then}")
    return report_of(session, examined, tables=_tables(seen, proposed), notes=notes, judged=False)


def _fact(proposed: Proposed) -> dict[str, object]:
    service = proposed.service
    return {"name": proposed.name, "path": service.path, "command": " ".join(service.command), "port": service.port, "kind": service.kind,
            "enabled": proposed.enabled, "reason": proposed.reason, "variant_of": service.variant_of}


def _tables(seen: tuple[Service, ...], proposed: tuple[Proposed, ...]) -> tuple[Table, ...]:
    rows = tuple((p.name, str(p.service.port or "-"), "run" if p.enabled else f"off: {p.reason}")
                 for p in sorted(proposed, key=lambda p: (not p.enabled, p.name)))
    return (Table("What was found, and what to run", ("service", "port", "proposal"), rows),) if rows else ()


def _kinds(seen: tuple[Service, ...], proposed: tuple[Proposed, ...]) -> tuple[str, ...]:
    kinds = Counter(s.kind for s in seen)
    told = ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in sorted(kinds.items()))
    disabled = sum(not p.enabled for p in proposed)
    return (f"{told or 'no service'} found; {len(proposed) - disabled} to run, {disabled} disabled with a reason",)
