"""From findings to a plan: missing packages added to their manifests, a requirements.txt where there is none. Pure.

A version is written only where the tree itself names one for that package: opskit does not ask an index here, and a version
that nobody has tried is worse than none (OPS-K005 tells of it, and `deps install` shows what it took).
"""

from collections.abc import Iterable
from posixpath import basename

from packaging.utils import canonicalize_name

from opskit.core.change import Change, FileCreate, FileEdit, Plan
from opskit.core.finding import Checked, Finding, Skipped
from opskit.deps.declared import mended
from opskit.deps.manifests import Manifests, declaration_of, find_manifests
from opskit.deps.versions import agreed, loosened
from opskit.source.requirements import Declaration, Requirement
from opskit.source.toml_array import Array, find_array
from opskit.survey.survey import Survey

HEADER = "# What the services import, as far as it is known for certain. Written by opskit; yours from here on."


def plan(survey: Survey, checked: Checked, everything: bool = False, review: bool = False) -> Plan:
    """One edit a manifest. What is not certain is added only with `review`, else counted as held back."""
    elsewhere = _elsewhere(survey.tree.computed(find_manifests))
    wanted: dict[str, list[Finding]] = {}
    changes, skipped, held = list[Change](), list[Skipped](), 0
    for finding in checked.findings:
        if finding.fix == "review" and not review:
            held += 1
        elif finding.fix == "none":
            continue
        elif finding.code == "OPS-K001":
            wanted.setdefault(str(finding.data["manifest"]), []).append(finding)
        elif finding.code == "OPS-K002":
            changes.append(_written(finding, elsewhere, review))
        elif finding.code == "OPS-K004":
            changes.append(_corrected(survey, finding))
    for path, findings in wanted.items():
        lines = _lines((f.data["distributions"] for f in findings), elsewhere)
        edit = _added(survey, path, lines, ", ".join(lines))
        if isinstance(edit, str):
            skipped += [Skipped(f, edit) for f in findings]
        else:
            changes.append(edit)
    return Plan(tuple(changes), tuple(skipped), held)


def _elsewhere(manifests: Manifests) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for shelf in manifests.shelves.values():
        for one in shelf.requirements:
            if one.name and not one.location and not one.error:
                found.setdefault(one.name, []).append(one)
    return found


def _lines(several: Iterable[list[str]], elsewhere: dict[str, list[Requirement]]) -> list[str]:
    """One requirement for each list of candidates: the one that the tree already knows, from the version it names there on."""
    found = {}
    for distributions in several:
        known = next((d for d in distributions if canonicalize_name(d) in elsewhere), distributions[0])
        there = elsewhere.get(canonicalize_name(known), [])
        found[canonicalize_name(known)] = (there[0].spelled if there else known) + loosened(agreed(r.specifier for r in there))
    return [found[name] for name in sorted(found)]


def _written(finding: Finding, elsewhere: dict[str, list[Requirement]], review: bool) -> FileCreate:
    packages = [p for p in finding.data["packages"] if p["distributions"] and (p["certain"] or review)]
    lines = _lines((p["distributions"] for p in packages), elsewhere)
    return FileCreate("requirements.txt", "\n".join([HEADER, *lines, ""]).encode(), f"declares {', '.join(lines)}", code=finding.code)


def _corrected(survey: Survey, finding: Finding) -> FileEdit:
    place, text = finding.place, str(finding.data["text"])
    old = (survey.tree.read(place.path) or b"")[place.start : place.end]
    new = old.replace(text.encode(), mended(text).encode())
    return FileEdit(place.path, place.start, place.end, old, new, f"{text} meant {mended(text)}", code=finding.code)


def _added(survey: Survey, path: str, lines: list[str], why: str) -> FileEdit | str:
    """The edit, or why there can be none."""
    declaration, data = declaration_of(survey.tree, path), survey.tree.read(path) or b""
    if (reason := _closed(declaration, path)) or declaration is None:
        return reason or "it is no longer there"
    if basename(path) == "pyproject.toml":
        array = find_array(data, "project", "dependencies")
        return _into_array(path, data, array, lines, why) if array else "its dependencies are not written as a list"
    return _appended(path, data, lines, why)


def _closed(declaration: Declaration | None, path: str) -> str:
    if declaration is None or declaration.generated:
        return "a tool writes this file: add the package to what it is made from"
    if declaration.hashed:
        return "it pins hashes (pip's hash mode refuses a line without): add it with the tool that wrote them"
    if declaration.error:
        return f"it {declaration.error}"
    if declaration.end < 0:
        ways = {
            "Pipfile": "run `pipenv install NAME`",
            "setup.py": "add it to install_requires",
            "setup.cfg": "add it to install_requires",
            "pyproject.toml": "add it by the tool that keeps this file (`poetry add NAME`)",
        }
        return ways.get(basename(path), "opskit cannot add a line to it (UTF-16, or it ends in a backslash): save it as UTF-8")
    return ""


def _appended(path: str, data: bytes, lines: list[str], why: str) -> FileEdit:
    """At the end, with the file's own line ends; a file without a final newline keeps it so."""
    eol = b"\r\n" if data.count(b"\r\n") * 2 > data.count(b"\n") else b"\n"
    body = eol.join(line.encode() for line in lines)
    closed = not data or data.endswith(b"\n")
    new = body + eol if closed else eol + body
    return FileEdit(path, len(data), len(data), b"", new, f"adds {why}", code="OPS-K001")


def _into_array(path: str, data: bytes, array: Array, lines: list[str], why: str) -> FileEdit:
    """After the last item, in the list's own layout."""
    quoted = [b'"' + line.encode() + b'"' for line in lines]
    if not array.items:
        inside = data[array.start : array.end]
        if b"\n" not in inside:
            return FileEdit(path, array.start, array.end, inside, b", ".join(quoted), f"adds {why}", code="OPS-K001")
        at, before = array.start, b""
    else:
        at, before = array.items[-1][1], b","
    last = array.items[-1][0] if array.items else array.end
    indent = data[data.rfind(b"\n", 0, last) + 1 : last]
    gap, taken = _layout(data, array, at, indent)
    return FileEdit(
        path, at, at + len(taken), taken, before + gap + (b"," + gap).join(quoted) + (taken and b","), f"adds {why}", code="OPS-K001"
    )


def _layout(data: bytes, array: Array, at: int, indent: bytes) -> tuple[bytes, bytes]:
    """(what stands between two items, the trailing comma after the last one)."""
    eol = b"\r\n" if b"\r\n" in data[array.start : array.end] else b"\n"
    spread = array.items and not indent.strip() and b"\n" in data[array.start : array.items[0][0] + 1]
    gap = eol + indent if spread else (eol + b"    " if not array.items else b" ")
    return gap, b"," if data[at : at + 1] == b"," else b""
