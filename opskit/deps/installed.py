"""What an environment holds: import names to distributions, read from its metadata (PEP 376, PEP 427), nothing is run.

The one file of the room that looks beside the tree: `.opskit/venv` is opskit's own.
"""

import importlib.metadata
from collections.abc import Mapping
from pathlib import Path

from packaging.utils import canonicalize_name

from opskit.core.tree import Tree


def site_packages(venv: Path) -> list[str]:
    return [str(p) for p in (*venv.glob("lib/python*/site-packages"), *venv.glob("Lib/site-packages"))]


def versions(venv: Path) -> dict[str, str]:
    """Canonical name -> version of every distribution in the environment; empty where there is none."""
    found = dict[str, str]()
    for distribution in importlib.metadata.distributions(path=site_packages(venv)) if site_packages(venv) else ():
        if name := distribution.metadata["Name"]:
            found[canonicalize_name(name)] = distribution.version
    return found


def installed_imports(tree: Tree) -> Mapping[str, frozenset[str]]:
    """Top import name -> canonical distributions, of all of the platform's environments that `deps install` made."""
    found: dict[str, set[str]] = {}
    for venv in sorted((tree.root / ".opskit").glob("venv*")):
        for distribution in importlib.metadata.distributions(path=site_packages(venv)) if site_packages(venv) else ():
            if name := distribution.metadata["Name"]:
                for top in top_names(distribution):
                    found.setdefault(top, set()).add(canonicalize_name(name))
    return {top: frozenset(names) for top, names in found.items()}


def top_names(distribution: importlib.metadata.Distribution) -> set[str]:
    """From top_level.txt, else from the list of installed files."""
    if told := distribution.read_text("top_level.txt"):
        return set(told.split())
    tops = {file.parts[0].partition(".")[0] for file in distribution.files or () if file.suffix in (".py", ".so", ".pyd")}
    return {top for top in tops if top.isidentifier()}
