"""What the Stripe commands tell: the writes, the values, the cells, and what is not as it should be."""

from collections.abc import Iterable
from typing import Any

from opskit.cli.session import Session
from opskit.cli.stripe_account import Situation
from opskit.cli.stripe_columns import Kept
from opskit.core.change import Call, Plan
from opskit.core.finding import Checked, Finding
from opskit.core.settle import settle
from opskit.report.model import Report, Table
from opskit.stripe.planning.steps import Conflict, Write, plain
from opskit.stripe.remote import KEY, owner
from opskit.stripe.values import Value

REVERSE = {
    ("create", "product"): "archive it in the Dashboard", ("create", "price"): "archive it in the Dashboard",
    ("create", "endpoint"): "delete it in the Dashboard, or put its secret back from there",
    ("archive", "price"): "put it back into stripe.yaml and run bootstrap",
    ("archive", "product"): "put it back into stripe.yaml and run bootstrap",
    ("disable", "endpoint"): "put it back into stripe.yaml and run bootstrap",
}


def open_ends(seen: Situation, columns: tuple[Kept, ...]) -> bool:
    """Whether anything is not as stripe.yaml says."""
    planned = seen.planned
    return bool(planned.writes or planned.conflicts or planned.left or seen.waiting or seen.ids or any(not each.right for each in columns))


def call_of(write: Write) -> Call:
    what = f"{write.action} {write.kind} {write.key}" + (f" ({write.id})" if isinstance(write.id, str) and write.id else "")
    return Call("stripe", what, f"{what}: {write.why}", {name: plain(v) for name, v in write.params.items()},
                REVERSE.get((write.action, write.kind), ""))


def planned_report(session: Session, seen: Situation, columns: tuple[Kept, ...], more: tuple[str, ...] = ()) -> Report:
    """What would be written, and what stops it."""
    calls = tuple(call_of(write) for write in seen.planned.writes)
    plan = settle(Plan(calls), session.tree.read)
    notes = (_account(seen), *(more or (_closing(seen, columns),)))
    return _report(session, seen, columns, plan=plan, notes=tuple(note for note in notes if note))


def done_report(session: Session, seen: Situation, done: list[Write], rows: int, after: Situation, left: tuple[Kept, ...]) -> Report:
    """What was written, and what a look afterwards says."""
    plan = settle(Plan(tuple(call_of(write) for write in done)), session.tree.read)
    saved = [value for value in seen.values if not value.right and value.name not in {v.name for v in after.waiting}]
    notes = [_account(after), f"{len(done)} call{'s' * (len(done) != 1)} made"]
    names, files = sorted({v.name for v in saved}), sorted({v.file or seen.files[-1] for v in saved})
    notes += [f"wrote {', '.join(names)} into {', '.join(files)}"] * bool(saved)
    notes += [f"wrote {rows} price id{'s' * (rows != 1)} into the database"] * bool(rows)
    notes.append(_closing(after, left) or "everything is as stripe.yaml says; undo: opskit undo (files; Stripe keeps what was made)")
    return _report(session, after, left, plan=plan, applied=True, notes=tuple(notes))


def status_report(session: Session, seen: Situation, columns: tuple[Kept, ...]) -> Report:
    """Findings for every difference, and a table of what is where."""
    from opskit.cli.stripe_status import differences

    rows = [(p.key, str(seen.planned.prices.get(p.key, "-"))) for p in seen.catalogue.prices]
    rows += [(f"webhook {key}", str(id)) for key, id in held_endpoints(seen).items()]
    tables = (Table("", ("of stripe.yaml", "id"), tuple(rows)),) if rows else ()
    return _report(session, seen, columns, tables=tables, notes=(_account(seen),), more=tuple(differences(session, seen, columns)))


def _report(session: Session, seen: Situation, columns: tuple[Kept, ...], tables: tuple[Table, ...] = (), more: tuple[Finding, ...] = (),
            **rest: Any) -> Report:
    findings = (*_findings(seen, columns), *more)
    return Report(session.command, Checked(findings, _facts(seen, columns)), tables=(*tables, *_values(seen.values, columns)), whole=True,
                  seconds=session.seconds, source=_source(session), **rest)


def _source(session: Session) -> Any:
    def source(path: str, line: int) -> str:
        lines = session.tree.lines(path)
        return lines.text(line) if 0 < line <= len(lines) else ""

    return source


def _findings(seen: Situation, columns: tuple[Kept, ...]) -> Iterable[Finding]:
    for conflict in seen.planned.conflicts:
        yield _finding(conflict, "error", 75)
    for conflict in seen.planned.left.values():
        yield _finding(conflict, "warning", 55)
    for each in columns:
        if each.trouble:
            yield Finding("OPS-S010", "warning", f"{each.column}: {each.trouble}", each.column.place, harm=50,
                          help="bring the row about, or correct stripe.yaml; then run opskit stripe bootstrap again")


def _finding(conflict: Conflict, severity: Any, harm: int) -> Finding:
    return Finding(conflict.code, severity, conflict.message, conflict.place, help=conflict.help, harm=harm)


def _account(seen: Situation) -> str:
    where = f" at {seen.address.base}" if seen.address.local else ""
    return f"{seen.held.account}, {seen.held.mode} mode{where}; key: {seen.address.source}"


def _closing(seen: Situation, columns: tuple[Kept, ...]) -> str:
    if seen.planned.conflicts:
        return "nothing is written while one of these stands"
    if not open_ends(seen, columns):
        return "" if seen.planned.writes else "everything is as stripe.yaml says"
    if not (seen.planned.writes or seen.waiting or seen.ids or any(not each.right and not each.trouble for each in columns)):
        return "the rest is as stripe.yaml says; what the warnings name is left"
    return "next: opskit stripe bootstrap"


def _values(values: tuple[Value, ...], columns: tuple[Kept, ...]) -> tuple[Table, ...]:
    rows = [(v.name, v.file or "(nowhere yet)", _told(v)) for v in values if not v.right]
    rows += [(f"{c.column.column} of {', '.join(value for _, value in c.column.where)}", c.column.table, f"{c.now or 'NULL'} -> {c.wanted}")
             for c in columns if not c.right and not c.trouble]
    return (Table("Values to be kept", ("value", "where", "what"), tuple(rows)),) if rows else ()


def held_endpoints(seen: Situation) -> dict[str, str]:
    """Ours, by stripe.yaml's key."""
    ours = [e for e in seen.held.endpoints if owner(e.metadata) == seen.catalogue.project]
    keys = {endpoint.key for endpoint in seen.catalogue.endpoints}
    return {e.metadata[KEY]: e.id for e in ours if e.metadata.get(KEY) in keys}


def _told(value: Value) -> str:
    if value.kind == "webhook":
        return "its webhook's secret"
    return f"{value.was} -> {value.shown}" if value.was else value.shown


def _facts(seen: Situation, columns: tuple[Kept, ...]) -> dict[str, list[dict[str, Any]]]:
    return {
        "account": [{"id": seen.held.account, "mode": seen.held.mode, "base": seen.address.base, "key": seen.address.source}],
        "writes": [{"action": w.action, "kind": w.kind, "key": w.key, "id": plain(w.id), "params": plain(dict(w.params)), "why": w.why}
                   for w in seen.planned.writes],
        "prices": [{"key": p.key, "id": plain(seen.planned.prices.get(p.key, "")), "lookup_key": p.lookup_key, "env": list(p.env)}
                   for p in seen.catalogue.prices],
        "values": [{"name": v.name, "for": v.key, "file": v.file, "right": v.right} for v in seen.values],
        "columns": [{"column": str(c.column), "now": c.now, "wanted": plain(c.wanted), "trouble": c.trouble} for c in columns],
    }
