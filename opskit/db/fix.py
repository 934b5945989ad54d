"""Mends what has one meaning: MySQL's indexes, a comma too many, a URL that only needs its characters encoded."""

from collections.abc import Iterator

from opskit.core.change import Change, FileEdit, Plan
from opskit.core.finding import Checked, Finding, Skipped
from opskit.db.schema import read_schema
from opskit.db.url import every_given
from opskit.pg.doctor import mended_url
from opskit.source.dotenv import spelled
from opskit.survey.survey import Survey


def plan(survey: Survey, checked: Checked, everything: bool = False, review: bool = False) -> Plan:
    """One group a table, so that one that falls out takes no other along."""
    changes, skipped = dict[Change, None](), list[Skipped]()
    for finding in checked.findings:
        if finding.code in ("OPS-D001", "OPS-D002") and "offset" in finding.data:
            edits = list(_table(survey, finding))
            changes |= dict.fromkeys(edits)
            if not edits:
                skipped.append(Skipped(finding, finding.help.removeprefix("left to you: ")))
        elif finding.code == "OPS-D007" and finding.fix == "safe":
            changes |= dict.fromkeys(_url(survey, finding))
    return Plan(tuple(changes), tuple(skipped))


def _table(survey: Survey, finding: Finding) -> Iterator[FileEdit]:
    path = finding.place.path
    script, data = survey.tree.parsed(path, read_schema), survey.tree.read(path)
    for repair in script.repairs if script else ():
        if repair.start == finding.data["offset"] and data is not None:
            for edit in repair.edits:
                yield FileEdit(
                    path,
                    edit.start,
                    edit.end,
                    data[edit.start : edit.end],
                    edit.new,
                    f"{repair.table}: PostgreSQL's own form",
                    f"db:{path}:{repair.start}",
                    "OPS-D002" if repair.indexes else "OPS-D001",
                )


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
