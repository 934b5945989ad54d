"""Mends what has one meaning: MySQL's indexes, a comma too many, a URL that only needs its characters encoded."""

from collections.abc import Iterator

from opskit.core.change import Change, FileEdit, Plan
from opskit.core.finding import Checked, Finding, Skipped
from opskit.db.schema import Repair, read_schema
from opskit.db.url import every_given
from opskit.pg.doctor import mended_url
from opskit.source.dotenv import spelled
from opskit.survey.survey import Survey


def plan(survey: Survey, checked: Checked, everything: bool = False, review: bool = False) -> Plan:
    """One group a table, so that one that falls out takes no other along. With `review` MySQL's types are turned too."""
    changes, skipped, held = dict[Change, None](), list[Skipped](), 0
    for finding in checked.findings:
        if finding.fix == "review" and not review:
            held += 1
        elif finding.code == "OPS-D003" and finding.fix == "review":
            changes |= dict.fromkeys(_turned(survey, finding))
        elif finding.code in ("OPS-D001", "OPS-D002") and "offset" in finding.data:
            edits = list(_table(survey, finding, review))
            changes |= dict.fromkeys(edits)
            if not edits:
                skipped.append(Skipped(finding, finding.help.removeprefix("left to you: ")))
        elif finding.code == "OPS-D007" and finding.fix == "safe":
            changes |= dict.fromkeys(_url(survey, finding))
    return Plan(tuple(changes), tuple(skipped), held)


def _table(survey: Survey, finding: Finding, review: bool) -> Iterator[FileEdit]:
    script = survey.tree.parsed(finding.place.path, read_schema)
    for repair in script.repairs if script else ():
        if repair.start == finding.data["offset"]:
            yield from _edits(survey, finding.place.path, repair, review)


def _turned(survey: Survey, finding: Finding) -> Iterator[FileEdit]:
    """The tables in which a construct stands, whole."""
    script = survey.tree.parsed(finding.place.path, read_schema)
    for repair in script.repairs if script else ():
        if any(repair.start <= c.start < repair.end and c.kind == finding.data["construct"] for c in (script.foreign if script else ())):
            yield from _edits(survey, finding.place.path, repair, True)


def _edits(survey: Survey, path: str, repair: Repair, review: bool) -> Iterator[FileEdit]:
    """All edits of one table: those of `reviewed` hold the safe ones too."""
    data = survey.tree.read(path) or b""
    for edit in repair.reviewed if review and repair.reviewed else repair.edits:
        code = "OPS-D003" if review and repair.reviewed else "OPS-D002" if repair.indexes else "OPS-D001"
        why, group = f"{repair.table}: PostgreSQL's own form", f"db:{path}:{repair.start}"
        yield FileEdit(path, edit.start, edit.end, data[edit.start : edit.end], edit.new, why, group, code)


def _url(survey: Survey, finding: Finding) -> Iterator[FileEdit]:
    """In the spelling that every dotenv reader takes; the value itself is in no message."""
    for given in every_given(survey.tree, {}, str(finding.data["variable"])):
        mended = mended_url(given.value.reveal())
        if given.place == finding.place and given.entry and mended and mended != given.value:
            data, (start, end) = survey.tree.read(given.source) or b"", given.entry.value_span
            yield FileEdit(
                given.source,
                start,
                end,
                data[start:end],
                spelled(mended.reveal()).encode(),
                f"{given.name} in the form that drivers read",
                f"db:{given.source}:{given.name}",
                finding.code,
            )
