"""From judged paths to findings. Pure."""

from collections import defaultdict
from collections.abc import Iterator

from opskit.core.finding import Checked, Finding, Fix, Severity
from opskit.paths.facts import Root
from opskit.paths.judge import Judged, Paths, paths_of
from opskit.paths.languages import role_of
from opskit.paths.python.sightings import unreadable
from opskit.survey.python.index import source_of
from opskit.survey.survey import Survey

REMEDY = "run `opskit paths fix`"
OWN = ("project", "personal", "other")


def check(survey: Survey, everything: bool = False) -> Checked:
    """`everything` changes nothing here: code that does not run is looked at too, and told as a warning."""
    paths = paths_of(survey)
    judged = [j for j in paths.judged if not _is_ours(j, paths.roots)]
    found = (*_single(paths, judged), *_by_file(paths, judged))
    return Checked(tuple(found), {"paths": [fact(j) for j in paths.judged], "roots": [root_fact(r) for r in paths.roots]})


def _is_ours(judged: Judged, roots: tuple[Root, ...]) -> bool:
    """A dotenv line that sets a root's own variable is where one machine's folder belongs."""
    return judged.sighting.language == "dotenv" and judged.root is not None and not judged.tail


def _single(paths: Paths, judged: list[Judged]) -> Iterator[Finding]:
    """What stands in code: one finding a place."""
    broken = defaultdict[str, list[Judged]](list)
    for j in judged:
        one = j.sighting
        if one.language == "python" and one.form == "text" and _is_broken(paths, one.place.path):
            broken[one.place.path].append(j)
        elif one.defect:
            yield _defect(paths, j)
        elif j.role == "code" and j.kind in OWN:
            yield _fallback(paths, j) if one.form == "env-fallback" else _in_code(paths, j)
        elif j.role == "code" and j.kind in ("system", "tool", "placeholder"):
            yield _elsewhere(paths, j)
    for group in broken.values():
        yield _grouped("OPS-W008", "warning", group, f"{_many(group)} in a file that does not parse", group[0].sighting.reason, 40)


def _is_broken(paths: Paths, path: str) -> bool:
    source = source_of(paths.survey.tree, path)
    return source is not None and bool(unreadable(source))


def _defect(paths: Paths, j: Judged) -> Finding:
    severity: Severity = "error" if j.sighting.place.path in paths.reached else "warning"
    message = f"`{j.sighting.spelled}` holds {j.sighting.defect}, not the path that was meant"
    return Finding("OPS-W004", severity, message, j.sighting.place, "double the backslash, or write /", harm=58, data=_data(j))


def _fallback(paths: Paths, j: Judged) -> Finding:
    variable = j.sighting.variable or (j.root.variable if j.root else "a variable")
    message = f"{variable} decides, and falls back to {_told(j)}"
    return Finding("OPS-W005", "note", message, j.sighting.place, "opskit up and opskit run set it", harm=12, data=_data(j))


def _in_code(paths: Paths, j: Judged) -> Finding:
    one = j.sighting
    if one.place.path in paths.functions and j.kind != "project":
        return Finding("OPS-W007", "error", f"a function wants {_told(j)}", one.place, j.reason, harm=62, data=_data(j))
    service = paths.reached.get(one.place.path)
    severity: Severity = "error" if service and one.whole else "warning"
    label = f"{service} loads this" if service else ""
    held = f"look, then run `opskit paths fix --review`: {j.reason or 'it wants a person'}"
    help = {"safe": REMEDY, "review": held}.get(j.fix, f"left by `opskit paths fix`: {j.reason}")
    return Finding("OPS-W001", severity, f"code names {_told(j)}", one.place, help, j.fix, label, 64 if service else 48, data=_data(j))


def _elsewhere(paths: Paths, j: Judged) -> Finding:
    severity: Severity = "warning" if j.sighting.place.path in paths.reached else "note"
    message = f"code names a stand-in, {_told(j)}" if j.kind == "placeholder" else f"only one system has {_told(j)}"
    return Finding("OPS-W006", severity, message, j.sighting.place, j.reason, harm=22, data=_data(j))


def _by_file(paths: Paths, judged: list[Judged]) -> Iterator[Finding]:
    """Settings, data and prose: one finding a file, at its first place."""
    settings, prose = defaultdict[str, list[Judged]](list), defaultdict[str, list[Judged]](list)
    for j in judged:
        if j.kind in OWN and not j.sighting.defect:
            if j.role == "configuration":
                settings[j.sighting.place.path].append(j)
            elif j.role == "prose" and not (j.sighting.language == "python" and _is_broken(paths, j.sighting.place.path)):
                prose[j.sighting.place.path].append(j)
    for group in settings.values():
        reason = next((j.reason for j in group if j.reason), REMEDY)
        yield _grouped("OPS-W002", "warning", group, f"{_many(group)} in {group[0].sighting.language}", reason, 38)
    for group in prose.values():
        first = group[0].sighting
        where = "a page" if role_of(first.language) == "prose" else "comments, messages and longer texts"
        yield _grouped("OPS-W003", "note", group, f"{_many(group)} in {where}", "write them relative to the repository", 5)


def _grouped(code: str, severity: Severity, group: list[Judged], message: str, help: str, harm: int) -> Finding:
    fix: Fix = "safe" if any(j.fix == "safe" for j in group) else "none"
    also = tuple(j.sighting.place for j in group[1:])
    return Finding(code, severity, message, group[0].sighting.place, REMEDY if fix == "safe" else help, fix, harm=harm, also=also,
                   data={**_data(group[0]), "count": len(group)})


def _many(group: list[Judged]) -> str:
    if len(group) == 1:
        return _told(group[0])
    kinds = sorted({j.root.variable for j in group if j.root})
    return f"{len(group)} paths of one machine" + (f" ({', '.join(kinds[:3])}{', ...' * (len(kinds) > 3)})" if kinds else "")


def _told(j: Judged) -> str:
    """A path for a person, 60 characters at most, its end kept."""
    value = j.sighting.value if len(j.sighting.value) <= 60 else f"...{j.sighting.value[-57:]}"
    told = f"{value} ({j.root.variable})" if j.root else value
    return f"{told}, {j.sighting.note}" if j.sighting.note else told


def _data(j: Judged) -> dict[str, object]:
    told = {"root": j.root.variable if j.root else "", "class": j.kind, "form": j.sighting.form}
    return {**told, "note": j.sighting.note} if j.sighting.note else {**told}


def fact(j: Judged) -> dict[str, object]:
    """One line of `facts.paths[]`."""
    one = j.sighting
    return {
        "path": one.place.path, "line": one.place.line, "value": one.value,
        "root": j.root.variable if j.root else "", "tail": "/".join(j.tail),
        "form": one.form, "class": j.kind, "role": j.role, "language": one.language, "fix": j.fix, "reason": j.reason, "note": one.note,
    }


def root_fact(root: Root) -> dict[str, object]:
    """One line of `facts.roots[]`; `folder` is where it lies here, relative to the repository."""
    return {"variable": root.variable, "prefix": root.prefix, "kind": root.kind, "uses": root.uses, "folder": "/".join(root.home) or "."}
