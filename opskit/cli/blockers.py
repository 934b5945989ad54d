"""What `doctor` leaves behind for others: a status file for machines, one dated section in a log for people."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.state import write_whole
from opskit.env.provision import Need
from opskit.survey.survey import Survey

BEGIN, END = "<!-- opskit: blockers -->", "<!-- opskit: end of blockers -->"
SECTION = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END) + r"\n?", re.DOTALL)
MARK = re.compile(rb"(?:#|//|--|/\*|<!--)[^\n]*?\b(TODO|FIXME)\b[:\s]*([^\n]*)")
MONEY = re.compile(r"stripe|pay|checkout|billing|invoice|subscri|price|refund", re.I)


def write_status(path: Path, rows: list[dict[str, str]], ready: bool) -> None:
    """`{"ready_for_merge": ..., "rows": [...]}`, whole or not at all."""
    _write(path, json.dumps({"ready_for_merge": ready, "rows": rows}, indent=1) + "\n")


def append_blockers(session: Session, path: Path, day: str, rows: list[dict[str, str]], needs: Iterable[Need]) -> None:
    """One section, replaced where it stands, else added at the end: what does not hold, who must bring which key, what to run."""
    lines = [BEGIN, f"## Blockers, {day}", ""]
    lines += [f"- {row['name']}: {row['message']} (next: `{row['help']}`)" for row in rows if row["state"] == "does not hold"]
    lines += [f"- {n.name}: {', '.join(n.services[:3]) or 'nobody yet'} waits for it; {n.provider} has it: {n.url or 'the operator'};"
              f" then `{n.command}`" for n in needs]
    if any("database" in row["name"] and row["state"] == "does not hold" for row in rows):
        lines.append("- no database of your own? Neon (https://neon.tech) and Supabase (https://supabase.com) have free tiers;"
                     " `opskit db init` makes a local one")
    section = session.redact("\n".join([*lines, END, ""]))
    old = path.read_text("utf-8") if path.is_file() else ""
    gap = "\n" if old and not old.endswith("\n") else ""
    _write(path, SECTION.sub(lambda _: section, old, count=1) if SECTION.search(old) else f"{old}{gap}{section}")


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


def _write(path: Path, text: str) -> None:
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        write_whole(path, text.encode(), mode, ".opskit-tmp")
    except OSError as error:
        raise OpskitError(f"cannot write {path}: {error.strerror}", code="OPS-X012", help="give another file") from error
