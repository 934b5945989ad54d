"""Whether an environment can import what services want: names only, each in a process of its own, in an empty folder."""

import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opskit.deps.install.environment import Environment
from opskit.survey.facts import Service

LIMIT = 60.0
CODE = """
import importlib, sys
name = sys.argv[1]
try:
    importlib.import_module(name)
except ModuleNotFoundError as error:
    parent, _, last = name.rpartition('.')
    if not parent or error.name != name:
        raise
    if not hasattr(importlib.import_module(parent), last):
        raise
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """One import name. `reason` is "" where it can be imported, else the last line of what Python said."""

    name: str
    services: tuple[str, ...]
    reason: str = ""


def prove(environment: Environment, services: Iterable[Service], environ: Mapping[str, str]) -> tuple[Proof, ...]:
    """Import every third-party name of the services' closures, optional ones left out. The platform's own files are not within reach."""
    wanted: dict[str, set[str]] = {}
    for service in services:
        for one in service.imports:
            if not one.optional:
                wanted.setdefault(one.dotted, set()).add(service.name)
    with tempfile.TemporaryDirectory(prefix="opskit-") as empty:
        return tuple(
            Proof(name, tuple(sorted(names)), _imported(environment, name, empty, environ)) for name, names in sorted(wanted.items())
        )


def _imported(environment: Environment, name: str, folder: str, environ: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            [str(environment.interpreter), "-I", "-c", CODE, name],
            cwd=folder,
            env=dict(environ),
            timeout=LIMIT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return f"did not end within {LIMIT:.0f} s"
    if not done.returncode:
        return ""
    return (done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"])[-1].strip()[:200]
