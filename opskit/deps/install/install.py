"""The order of it: services by Python, what each environment should hold, make or mend it, put in what is missing, tell."""

import hashlib
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from opskit.core.change import Call
from opskit.core.errors import OpskitError
from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.deps.install.environment import Environment, State, environment_of
from opskit.deps.install.installer import Installer
from opskit.deps.install.isolation import Failed, Isolation
from opskit.deps.install.reasons import Reason
from opskit.deps.install.wanted import Union, Wanted, union
from opskit.deps.installed import versions
from opskit.deps.manifests import Shelf
from opskit.deps.sightings import Sighted, look, python_services
from opskit.survey.facts import Service
from opskit.survey.manifest import MANIFEST
from opskit.survey.survey import Survey


@dataclass(frozen=True)
class Target:
    """One environment and what it should hold for which services."""

    environment: Environment
    services: tuple[Service, ...]
    union: Union

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(
            Call(
                "packages",
                f"install {w.line}",
                f"{w.line}  ({', '.join(map(str, w.places[:3]))})",
                {"environment": self.environment.name},
                f"remove {self.environment.name}",
                code="OPS-K001",
            )
            for w in self.union.wanted
        )

    @property
    def digest(self) -> str:
        told = "\n".join(
            [
                *(w.line for w in self.union.wanted),
                *self.union.options,
                *self.union.local,
                self.environment.python,
                platform.python_version(),
            ]
        )
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Result:
    """What became of one target. `changed` where anything was installed; `trouble` why there is no environment at all."""

    target: Target
    installed: Mapping[str, str]
    accepted: tuple[Wanted, ...]
    failed: tuple[Failed, ...] = field(default=())
    changed: bool = True
    trouble: Reason | None = None

    @property
    def is_whole(self) -> bool:
        return not self.failed and self.trouble is None

    @property
    def findings(self) -> tuple[Finding, ...]:
        if self.trouble is not None:
            names = ", ".join(s.name for s in self.target.services)
            return (Finding("OPS-K009", "error", f"{self.trouble.text}, which {names} wants", Place(MANIFEST), self.trouble.mend, harm=64),)
        return tuple(
            Finding(
                "OPS-K003",
                "error",
                f"{f.wanted.line} could not be installed: {f.reason.text}",
                f.wanted.places[0] if f.wanted.places else Place(""),
                f.reason.mend,
                harm=64,
                also=f.wanted.places[1:],
                data={"package": f.wanted.name, "requirement": f.wanted.line},
            )
            for f in self.failed
        )

    @property
    def facts(self) -> dict[str, Any]:
        environment = self.target.environment
        return {
            "path": environment.name,
            "python": environment.python or platform.python_version(),
            "services": [s.name for s in self.target.services],
            "state": "done" if self.is_whole else "failed",
            "changed": self.changed,
            "packages": dict(sorted(self.installed.items())),
            "relaxed": [w.told for w in self.target.union.wanted if w.told],
            "left": list(self.target.union.left),
        }


def targets(survey: Survey, everything: bool = False) -> tuple[Target, ...]:
    """The main environment first. Services that name no Python share it."""
    sighted, grouped = look(survey, everything), dict[str, list[Service]]()
    for service in python_services(survey, everything):
        entry = survey.manifest.services.get(service.name)
        grouped.setdefault(environment_of(survey.tree.root, entry.python if entry else "").python, []).append(service)
    found = []
    for python, services in sorted(grouped.items()):
        names = {s.name for s in services}
        shelves = _shelves(sighted, names)
        found.append(Target(Environment(survey.tree.root, python), tuple(services), union(survey.tree, sighted, shelves)))
    return tuple(found)


def _shelves(sighted: Sighted, names: set[str]) -> list[Shelf]:
    folders = {folder for name in names for folder in sighted.stands_on.get(name, ())}
    return [s for s in sighted.used if s.folder in folders]


def is_fulfilled(target: Target) -> bool:
    """Whether the environment holds what it should already, so that there is nothing to install."""
    environment, before = target.environment, target.environment.state
    return environment.is_whole and before.digest == target.digest and not before.failed and not _lost(target, before)


def fulfil(target: Target, installer: Installer, say: Callable[[str], None]) -> Result:
    """Make the environment hold what it should. Quick where it does already; a cut run's environment is made anew."""
    environment = target.environment
    if is_fulfilled(target):
        environment.on_path(target.union.local)
        return Result(target, versions(environment.folder), target.union.wanted, changed=False)
    if not environment.is_whole:
        try:
            _make(environment, installer, say)
        except OpskitError as error:
            if error.code != "OPS-K009" or not environment.python:
                raise
            environment.clear()
            return Result(target, {}, (), changed=False, trouble=Reason(error.message, error.help))
    return _filled(target, installer, say)


def _make(environment: Environment, installer: Installer, say: Callable[[str], None]) -> None:
    if environment.folder.exists():
        say(f"{environment.name} was left half-made: making it anew")
    environment.clear()
    say(f"making {environment.name} ({installer.name})")
    environment.mark(State("open"))
    installer.make(environment)


def _filled(target: Target, installer: Installer, say: Callable[[str], None]) -> Result:
    environment, wanted = target.environment, list(target.union.wanted)
    environment.mark(State("open", target.digest))
    installer.seed(environment)
    say(f"installing {len(wanted)} package{'s' * (len(wanted) != 1)} and what they need into {environment.name} ({installer.name})")

    def put(lines: list[str], build: bool) -> Any:
        return installer.put(environment, lines, target.union.options, build)

    isolation = Isolation(put, environment.python or platform.python_version(), say)
    earlier = versions(environment.folder)
    try:
        isolation.install(wanted)
    except OpskitError:
        environment.mark(State("failed", ""))
        raise
    environment.on_path(target.union.local)
    failed = tuple({"requirement": f.wanted.line, "reason": f.reason.text} for f in isolation.failed)
    environment.mark(State("failed" if failed else "done", target.digest, failed))
    now = versions(environment.folder)
    return Result(target, now, tuple(isolation.accepted), tuple(isolation.failed), changed=now != earlier)


def _lost(target: Target, state: State) -> bool:
    """Whether a package that went in is gone from the environment: somebody was at work in it."""
    there, failed = versions(target.environment.folder), {str(f["requirement"]) for f in state.failed}
    return any(
        w.name not in there
        for w in target.union.wanted
        if w.line not in failed and ";" not in w.line and os.sep not in w.name and ":" not in w.name
    )
