"""`opskit undo`: take back what opskit wrote, byte for byte."""

from typing import Annotated

import typer

from opskit.cli.options import Json, Yes
from opskit.cli.session import Session
from opskit.core.errors import NotReady, OpskitError
from opskit.core.finding import Checked
from opskit.core.journal import Entry, Journal
from opskit.core.lock import lock
from opskit.report.model import Report

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit undo; opskit undo 3; opskit undo --to-start --yes; opskit undo --json")
def undo(
    ctx: typer.Context,
    plan: Annotated[int | None, typer.Argument(help="The plan's number in `opskit history` [default: the last].")] = None,
    to_start: Annotated[bool, typer.Option("--to-start", help="Take back every plan, newest first.")] = False,
    yes: Yes = False, json: Json = False,
) -> int:
    """Take back the last plan, one plan, or all. A file that has moved on since is left alone and named (exit 1)."""
    session = Session(ctx, "undo", as_json=json)
    journal = Journal(session.root)
    entries = _chosen(journal, plan, to_start)
    if not entries:
        session.say("nothing to undo")
        return _told(session, [], {})
    files = sum(len(e.files) for e in entries)
    if not session.ask(f"Take back {len(entries)} plan{'s' * (len(entries) != 1)} ({files} files)?", yes or not to_start):
        raise OpskitError("nothing was taken back", code="OPS-X013")
    with lock(session.root, "opskit undo"):
        left = {e.number: _take_back(session, journal, e) for e in entries}
    moved = [f"{path} (plan {number})" for number, paths in left.items() for path in paths]
    if moved and not json:
        raise NotReady(f"left alone, changed since: {', '.join(moved[:8])}" + (f" and {len(moved) - 8} more" if len(moved) > 8 else ""),
                       code="OPS-X014", help="put those files back yourself; the before-images lie in .opskit/journal")
    return _told(session, entries, left)


def _told(session: Session, entries: list[Entry], moved: dict[int, list[str]]) -> int:
    """For machines; a person has read it on the way. 1 where a file was left alone."""
    undone = [{"number": e.number, "command": e.command, "files": [w.path for w in e.files], "moved_on": moved[e.number],
               "left": list(e.calls)} for e in entries]
    if session.format == "json":
        session.give(Report("undo", Checked(facts={"undone": undone}), seconds=session.seconds))
    return int(any(moved.values()))


def _chosen(journal: Journal, plan: int | None, to_start: bool) -> list[Entry]:
    standing = [e for e in journal.entries() if e.state != "undone"][::-1]
    if plan is not None:
        found = [e for e in standing if e.number == plan]
        if not found:
            raise OpskitError(f"there is no plan {plan} to take back", code="OPS-X003", help="opskit history")
        return found
    return standing if to_start else standing[:1]


def _take_back(session: Session, journal: Journal, entry: Entry) -> list[str]:
    moved = journal.undo(entry)
    session.say(f"taken back: plan {entry.number}, `{entry.command}`, {len(entry.files) - len(moved)} files")
    for call in entry.calls:
        session.say(f"left: {call['system']}: {call['action']}" + (f"; to reverse: {call['reverse']}" if call["reverse"] else ""))
    return moved
