"""What `doctor` leaves behind for others: a status file for machines, one dated section in a log for people."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from opskit.cli.session import Session
from opskit.cli.target import write_target
from opskit.core.errors import OpskitError
from opskit.env.provision import Need
from opskit.survey.survey import Survey

BEGIN, END = "<!-- opskit: blockers -->", "<!-- opskit: end of blockers -->"
# from the last of several beginnings, so that a section whose end somebody lost takes nothing else with it
SECTION = re.compile(rf"{re.escape(BEGIN)}(?:(?!{re.escape(BEGIN)}).)*?{re.escape(END)}\r?\n?", re.DOTALL)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HELP = "give another file"
MARK = re.compile(rb"(?:#|//|--|/\*|<!--)[^\n]*?\b(TODO|FIXME)\b[:\s]*([^\n]*)")
MONEY = re.compile(r"stripe|pay|checkout|billing|invoice|subscri|price|refund", re.I)


def write_status(session: Session, path: Path, rows: list[dict[str, str]], ready: bool) -> None:
    """`{"ready_for_merge": ..., "rows": [...]}`, whole or not at all."""
    told = [{key: session.redact(value) for key, value in row.items()} for row in rows]
    write_target(path, (json.dumps({"ready_for_merge": ready, "rows": told}, indent=1) + "\n").encode(), HELP)


def append_blockers(session: Session, path: Path, day: str, rows: list[dict[str, str]], needs: Iterable[Need]) -> None:
    """One section, replaced where it stands, else added at the end: what does not hold, who must bring which key, what to run.

    The rest of the log stays byte for byte, and the section has its line ends.
    """
    lines = [BEGIN, f"## Blockers, {day}", ""]
    lines += [f"- {row['name']}: {row['message']} (next: `{row['help']}`)" for row in rows if row["state"] == "does not hold"]
    lines += [_told(need) for need in needs]
    if any("database" in row["name"] and row["state"] == "does not hold" for row in rows):
        lines.append("- no database of your own? Neon (https://neon.tech) and Supabase (https://supabase.com) have free tiers;"
                     " `opskit db init` makes a local one")
    old = _log(path)
    end = "\r\n" if "\r\n" in old else "\n"
    section = session.redact("\n".join([*lines, END, ""])).replace("\n", end)
    gap = end * (2 - old.endswith("\n") - old.endswith(("\n\n", "\n\r\n"))) if old else ""
    text = SECTION.sub(lambda _: section, old, count=1) if SECTION.search(old) else f"{old}{gap}{section}"
    write_target(path, text.encode("utf-8", "surrogateescape"), HELP)


def _told(need: Need) -> str:
    """Which key, from where, by whom, the exact next command."""
    waiting = f"{', '.join(need.services[:3])}{f' and {len(need.services) - 3} more' * (len(need.services) > 3)}" or "nobody yet"
    wait = f"- {need.name}: {waiting} wait{'s' * (len(need.services) < 2)} for it; "
    if need.provider == "opskit":
        return f"{wait}opskit makes it: `{need.command}`"
    who = "the operator chooses it" if need.provider == "operator" else f"{need.provider} has it"
    return f"{wait}{who}{f': {need.url}' if need.url else ''}; then `{need.command}`"


def _log(path: Path) -> str:
    """Bytes that are no UTF-8 come back as they were."""
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise OpskitError(f"cannot read {path}: {error.strerror}", code="OPS-X012", help=HELP) from error
    if data.startswith(UTF_16):
        raise OpskitError(f"{path} is in UTF-16", code="OPS-X012", help="save it as UTF-8, or give another file")
    return data.decode("utf-8", "surrogateescape")


def todos(survey: Survey, everything: bool) -> Iterator[dict[str, Any]]:
    """TODO and FIXME comments in the files of running services, those on the way of money first."""
    paths = sorted({path for service in survey.running(everything) for path in service.closure})
    found = []
    for path in survey.tree.holding(paths, b"TODO", b"FIXME"):
        for match in MARK.finditer(survey.tree.read(path) or b""):
            line, _ = survey.tree.lines(path).position(match.start(1))
            text = match[2].decode("utf-8", "replace").strip()
            found.append({"path": path, "line": line, "text": text, "money": bool(MONEY.search(path) or MONEY.search(text))})
    yield from sorted(found, key=lambda t: (not t["money"], t["path"], t["line"]))
