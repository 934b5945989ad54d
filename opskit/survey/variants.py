"""Copies and variants of one service: which belong together, and which of them to prefer."""

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations
from posixpath import basename, dirname, splitext
from typing import TypeVar

from opskit.core.tree import Tree
from opskit.survey.facts import Service

T = TypeVar("T")
LAUNCHERS = (".bat", ".cmd", ".ps1", ".sh", ".py", ".js", ".mjs", ".ts", ".json", ".toml", ".yml", ".yaml", "procfile", "makefile",
             "dockerfile")
DOCUMENTS = (".md", ".txt", ".rst", ".html")
PROJECTS = ("Dockerfile", "requirements.txt", "pyproject.toml", "package.json", "setup.py", "Pipfile")
NAMED_BEST = re.compile(r"(^|-)(final|fixed|stable|prod|production|latest)(-|$)")
PASSED_OVER = re.compile(r"(^|-)(old|backup|bak|copy|deprecated|legacy|orig|original|archive|archived)(-|$)")
NOISE = frozenset("old backup bak copy final fixed new latest stable prod the with and system api server service app py enhanced improved "
                  "updated optimized simple simplified minimal basic advanced complete full clean refactored modified".split())
ENOUGH, CLOSE, SAME = 0.34, 0.5, 0.75


def with_variants(tree: Tree, services: tuple[Service, ...]) -> tuple[Service, ...]:
    """The services with `variant_of` set to the preferred one's name on every other of its group."""
    servers = [s for s in services if s.kind == "server" and s.language != "other" and s.path and not s.path.endswith(".json")]
    preferred: dict[str, str] = {}
    for group in _groups(tree, servers):
        best = _best(tree, group)
        preferred.update({s.name: best.name for s in group if s is not best})
    return tuple(replace(s, variant_of=preferred.get(s.name, s.variant_of)) for s in services)


def _groups(tree: Tree, servers: list[Service]) -> list[list[Service]]:
    lines = {s.name: _lines(tree, s.path) for s in servers}
    leader = {s.name: s.name for s in servers}

    def root(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for one, other in combinations(servers, 2):
        if one.language != other.language or root(one.name) == root(other.name):
            continue
        if not _apart(tree, one, other) and _alike(one, other, lines):
            leader[root(one.name)] = root(other.name)
    groups: dict[str, list[Service]] = {}
    for service in servers:
        groups.setdefault(root(service.name), []).append(service)
    return [group for group in groups.values() if len(group) > 1]


def _apart(tree: Tree, one: Service, other: Service) -> bool:
    """Declared each for itself, or each in a folder with a manifest of its own: two services, however much text they share."""
    if one.declared_in and other.declared_in:
        return True
    folders = dirname(one.path), dirname(other.path)
    return folders[0] != folders[1] and all(any(f"{folder}/{name}" in tree.known for name in PROJECTS) for folder in folders)


def _alike(one: Service, other: Service, lines: Mapping[str, frozenset[str]]) -> bool:
    """Nearly the same text whatever the names, or names of one stem and much in common."""
    a, b = lines[one.name], lines[other.name]
    if min(len(a), len(b)) * 4 < max(len(a), len(b)):
        return False
    text = _overlap(a, b)
    if text >= SAME and min(len(a), len(b)) > 8:
        return True
    if (text < ENOUGH and not (one.routes and other.routes)) or not _namesakes(one.path, other.path):
        return False
    routes = _overlap(frozenset((r.method, r.route) for r in one.routes), frozenset((r.method, r.route) for r in other.routes))
    same_port = one.port is not None and one.port == other.port
    return text >= ENOUGH or (min(len(one.routes), len(other.routes)) > 1 and routes >= (CLOSE if same_port else SAME))


def _overlap(one: frozenset[T], other: frozenset[T]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def _lines(tree: Tree, path: str) -> frozenset[str]:
    """The lines that say something, spaces and comments aside."""
    text = (tree.read(path) or b"").decode("utf-8", "replace")
    found = (" ".join(line.split()) for line in text.splitlines())
    return frozenset(line for line in found if len(line) > 6 and not line.startswith(("#", "//", "*", "import ", "from ")))


def _namesakes(one: str, other: str) -> bool:
    """Whether two file names are much alike, versions and words like `final` aside."""
    a, b = _words(one), _words(other)
    if not a or not b:
        return a == b and dirname(one) == dirname(other)
    if len(set(a) & set(b)) / min(len(set(a)), len(set(b))) >= CLOSE:
        return True
    near = SequenceMatcher(None, "-".join(a), "-".join(b))
    return all(ratio() - 0.15 >= CLOSE for ratio in (near.real_quick_ratio, near.quick_ratio, near.ratio))  # the cheap bounds first


@lru_cache(maxsize=1 << 12)
def _words(path: str) -> list[str]:
    return [w for w in re.split(r"[^a-z0-9]+", _stem(path)) if w and w not in NOISE and not re.fullmatch(r"v?\d+", w)]


def _stem(path: str) -> str:
    return splitext(basename(path))[0].lower()


def _best(tree: Tree, group: list[Service]) -> Service:
    """No fault first; then what launchers, then documents name; then the newest version, and names that say so."""
    own = {s.path for s in group}
    launched, told = _mentions(tree, own, LAUNCHERS), _mentions(tree, own, DOCUMENTS)

    def rank(service: Service) -> tuple[bool, bool, bool, int, int, int, bool, int, str]:
        name = re.sub(r"[^a-z0-9]+", "-", _stem(service.path))
        return (bool(service.faults), not service.declared_in, bool(PASSED_OVER.search(name)), -launched[service.path], -told[service.path],
                -_version(name), not NAMED_BEST.search(name), len(service.path), service.path)

    return min(group, key=rank)


def _version(name: str) -> int:
    found = re.search(r"(?:^|-)v(\d+)(?:-|$)", name)
    return int(found[1]) if found else 0


def _mentions(tree: Tree, paths: set[str], kinds: tuple[str, ...]) -> dict[str, int]:
    """How many other files of these kinds name each path's file."""
    names = {path: re.compile(rb"(?<![\w-])" + re.escape(basename(path).encode()) + rb"(?!\w)") for path in paths}
    found = dict.fromkeys(paths, 0)
    for file in tree.ending(*kinds):
        if file in paths:
            continue
        data = tree.read(file) or b""
        for path, pattern in names.items():
            if basename(path).encode() in data and pattern.search(data):
                found[path] += 1
    return found
