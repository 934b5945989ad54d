"""What the webhook commands tell: receivers, cases, checks, answers."""

from collections.abc import Iterable
from typing import Any

from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.report.model import Table
from opskit.stripe.webhooks.probe.bench import Result
from opskit.stripe.webhooks.receiver import Receiver

SIGNED = {"library": "by Stripe's library", "by hand": "by hand", "none": "NOT CHECKED"}
DOES = {"work": "", "log": "a log line alone", "nothing": "nothing"}
MARK = {"ok": "ok", "fault": "NO", "note": "note", "not seen": "?"}
WORST = {"OPS-H032": 95, "OPS-H033": 70, "OPS-H036": 80, "OPS-H030": 90, "OPS-H031": 88, "OPS-H041": 78, "OPS-H048": 85, "OPS-H047": 75}


def receivers_table(facts: list[dict[str, Any]]) -> tuple[Table, ...]:
    """A receiver in two rows, then a row an event."""
    rows: list[tuple[str, str]] = []
    for fact in facts:
        nowhere = "(no service loads it)" if fact["confidence"] != "low" else "(its address is not told here)"
        rows.append((fact["route"] or nowhere, f"signature: {SIGNED[fact['signature']]}"))
        rows.append((f"  {fact['path']}:{fact['line']}", f"secret: {fact['secret']}" if fact["secret"] else ""))
        rows += [(f"    {e['type']}", DOES[e["does"]]) for e in fact["events"]]
    return (Table("", ("receiver", ""), tuple(rows)),) if rows else ()


def probe_table(results: Iterable[Result]) -> tuple[Table, ...]:
    rows = tuple((MARK[r.outcome], r.case, r.expected, r.got) for r in results)
    return (Table("", ("", "sent", "due", "came"), rows),)


def probe_findings(results: Iterable[Result], url: str, receiver: Receiver | None) -> tuple[Finding, ...]:
    """One finding a fault, with the cases that showed it."""
    by_code: dict[str, list[Result]] = {}
    for result in results:
        if result.outcome == "fault":
            by_code.setdefault(result.code, []).append(result)
    place = receiver.place if receiver is not None else Place(url)
    return tuple(
        Finding(code, "error", f"the receiver {group[0].told}", place, help=f"seen at: {'; '.join(r.case for r in group[:3])}",
                harm=WORST.get(code, 60), data={"cases": [r.case for r in group], "url": url})
        for code, group in by_code.items()
    )


def probe_facts(results: Iterable[Result]) -> list[dict[str, Any]]:
    return [{"case": r.case, "due": r.expected, "came": r.got, "outcome": r.outcome, "code": r.code or None, "told": r.told}
            for r in results]
