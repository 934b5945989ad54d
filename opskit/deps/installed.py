"""What an environment holds: import names to distributions, read from its metadata (PEP 376, PEP 427), nothing is run.

The one file of the room that looks beside the tree: `.opskit/venv` is opskit's own.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.utils import canonicalize_name

from opskit.core.tree import Tree


def versions(venv: Path) -> dict[str, str]:
    """Canonical name -> version of every distribution in the environment; empty where there is none."""
    return {name: version for name, version, _ in _distributions(venv)}


def installed_imports(tree: Tree) -> Mapping[str, frozenset[str]]:
    """Top import name -> canonical distributions, of all of the platform's environments that `deps install` made."""
    found: dict[str, set[str]] = {}
    for venv in sorted((tree.root / ".opskit").glob("venv*")):
        for name, _, info in _distributions(venv):
            for top in _top_names(info):
                found.setdefault(top, set()).add(name)
    return {top: frozenset(names) for top, names in found.items()}


def _distributions(venv: Path) -> Iterator[tuple[str, str, Path]]:
    """(canonical name, version, folder) of each `NAME-VERSION.dist-info`, as its folder's name says."""
    for info in (*venv.glob("lib/python*/site-packages/*.dist-info"), *venv.glob("Lib/site-packages/*.dist-info")):
        name, _, version = info.name.removesuffix(".dist-info").partition("-")
        yield str(canonicalize_name(name)), version, info


def _top_names(info: Path) -> set[str]:
    """From top_level.txt, else from the list of installed files."""
    if told := _text(info / "top_level.txt"):
        return set(told.split())
    files = (row[0].split("/") for row in csv.reader(_text(info / "RECORD").splitlines()) if row)
    tops = {parts[0].partition(".")[0] for parts in files if parts[-1].endswith((".py", ".so", ".pyd"))}
    return {top for top in tops if top.isidentifier()}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
