"""Where the folders of other machines lie here: the variables of opskit.toml's [paths.roots], for `up` and `run`."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from opskit.cli.session import Session
from opskit.core.state import NAME, state_folder
from opskit.services import environment
from opskit.services.spec import ServiceSpec


def folders(session: Session) -> dict[str, str]:
    """Each variable with an absolute folder: the repository, or private data below `.opskit/data`."""
    if not session.manifest.paths:
        return {}
    from opskit.paths.roots import configured

    return {root.variable: str(session.root.joinpath(*root.home)) for root in configured(session.manifest.paths)}


def made(session: Session) -> dict[str, str]:
    """The same, the private ones made where they are absent (mode 0700, out of git)."""
    found = folders(session)
    for folder in found.values():
        inside = Path(folder).relative_to(session.root).parts
        if inside[:1] == (NAME,):
            state_folder(session.root, *inside[1:])
    return found


def unset(session: Session, found: dict[str, str]) -> dict[str, str]:
    """Those that .env or the process leave empty: an empty folder means the disk's root to a join."""
    said = environment.layered(session.root, os.environ, {})
    return {name: folder for name, folder in found.items() if not said.get(name)}


def with_folders(session: Session, specs: Iterable[ServiceSpec]) -> tuple[ServiceSpec, ...]:
    """The services with the variables: what .env, the process or the service's own entry say wins."""
    found = folders(session)
    missing = unset(session, found)
    return tuple(
        replace(spec, env={**found, **spec.env}, own={**{n: f for n, f in missing.items() if n not in spec.env}, **spec.own})
        for spec in specs
    )
