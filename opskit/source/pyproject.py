"""Python packages declared in TOML: pyproject.toml (PEP 621, PEP 735, Poetry) and Pipfile."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from opskit.core.place import Lines, Place
from opskit.source.requirements import Declaration, Requirement, required
from opskit.source.toml_array import find_array, find_key


def read_pyproject(path: str, data: bytes) -> Declaration:
    """`end` is the end of [project] dependencies where that array can be added to. Never raises."""
    raw, error = _load(data)
    if error:
        return Declaration(path, error=error)
    project, poetry, lines = _table(raw, "project"), _table(_table(raw, "tool"), "poetry"), Lines(data)
    found = list(_array(path, data, lines, "project", "dependencies", project.get("dependencies"), ""))
    for header, table in (
        ("project.optional-dependencies", _table(project, "optional-dependencies")),
        ("dependency-groups", _table(raw, "dependency-groups")),
    ):
        for key, value in table.items():
            found += _array(path, data, lines, header, key, value, key)
    found += _poetry(path, data, lines, poetry)
    array = find_array(data, "project", "dependencies")
    dynamic = "dependencies" in str(project.get("dynamic"))
    return Declaration(
        path,
        tuple(found),
        project=canonicalize_name(str(project.get("name") or poetry.get("name") or "")),
        end=array.end if array and not dynamic else -1,
    )


def read_pipfile(path: str, data: bytes) -> Declaration:
    """[packages] and [dev-packages] of a Pipfile. Never raises."""
    raw, error = _load(data)
    if error:
        return Declaration(path, error=error)
    lines = Lines(data)
    found = [
        one
        for header, group in (("packages", ""), ("dev-packages", "dev"))
        for one in _keyed(path, data, lines, header, _table(raw, header), group)
    ]
    return Declaration(path, tuple(found))


def _load(data: bytes) -> tuple[dict[str, Any], str]:
    try:
        return tomllib.loads(data.decode("utf-8-sig")), ""
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, f"is not TOML: {error}"


def _table(raw: Any, key: str) -> dict[str, Any]:
    value = raw.get(key) if isinstance(raw, dict) else None
    return value if isinstance(value, dict) else {}


def _array(path: str, data: bytes, lines: Lines, header: str, key: str, value: Any, group: str) -> Iterator[Requirement]:
    texts = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    array = find_array(data, header, key)
    spans = array.items if array and len(array.items) == len(texts) else (None,) * len(texts)
    for text, span in zip(texts, spans, strict=True):
        yield required(text, lines.place(path, *span) if span else Place(path), group)


def _poetry(path: str, data: bytes, lines: Lines, poetry: dict[str, Any]) -> Iterator[Requirement]:
    yield from _keyed(path, data, lines, "tool.poetry.dependencies", _table(poetry, "dependencies"), "")
    yield from _keyed(path, data, lines, "tool.poetry.dev-dependencies", _table(poetry, "dev-dependencies"), "dev")
    for group, table in _table(poetry, "group").items():
        yield from _keyed(path, data, lines, f"tool.poetry.group.{group}.dependencies", _table(table, "dependencies"), group)


def _keyed(path: str, data: bytes, lines: Lines, header: str, table: dict[str, Any], group: str) -> Iterator[Requirement]:
    """`name = "^1.2"` or `name = {version = ..., extras = [...], path = ..., git = ...}`, as Poetry and Pipenv write."""
    for name, value in table.items():
        if name.lower() == "python":
            continue
        span = find_key(data, header, name)
        place = lines.place(path, *span) if span else Place(path)
        about = value if isinstance(value, dict) else {"version": value}
        location = next((str(about[k]) for k in ("path", "git", "url", "file") if k in about), "")
        extras = [e for e in about.get("extras") or () if isinstance(e, str)]
        version = about.get("version", "*")
        text = name + (f"[{','.join(extras)}]" if extras else "") + (_pep440(version) if isinstance(version, str) and not location else "")
        if marker := about.get("markers"):
            text += f" ; {marker}"
        one = required(text, place, group)
        yield Requirement(canonicalize_name(name), text, place, name, one.specifier, one.marker, one.extras, location, group, one.error)


def _pep440(version: str) -> str:
    """Poetry's caret and tilde, and its bare version, as PEP 440 writes them."""
    parts = []
    for part in filter(None, (p.strip() for p in version.split(","))):
        if part == "*":
            continue
        operator, number = re.match(r"([\^~]?)(.*)", part).groups()  # type: ignore[union-attr]
        if operator and not number.startswith("="):
            parts.append(f">={number},<{_ceiling(number, operator)}")
        else:
            parts.append(part if re.match(r"[<>=!~]", part) else f"=={part}")
    return ",".join(parts)


def _ceiling(number: str, operator: str) -> str:
    pieces = [int(p) for p in re.findall(r"\d+", re.split(r"[a-z+-]", number)[0])] or [0]
    first = next((i for i, p in enumerate(pieces) if p), len(pieces) - 1) if operator == "^" else min(1, len(pieces) - 1)
    return ".".join(map(str, [*pieces[:first], pieces[first] + 1]))
