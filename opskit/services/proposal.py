"""What to run on a platform that never saw opskit: servers and workers, one of each family, nothing that harms.

Pure: a survey to the entries that opskit.toml lacks. Hand edits win: an entry that is there is never touched.
"""

import shlex
from dataclasses import dataclass

from opskit.core.place import Place
from opskit.survey.facts import Danger, Service
from opskit.survey.manifest import Manifest

REASONS = {
    "shell": "hands request text to a shell",
    "tunnel": "opens a tunnel to the internet",
    "secrets-folder": "serves a folder that holds secrets",
    "microphone": "listens to the microphone",
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One service as `init` proposes it. `reason` is "" where it is enabled; `place` is the line behind the reason."""

    name: str
    service: Service
    enabled: bool
    reason: str = ""
    place: Place | None = None


def propose(seen: tuple[Service, ...], manifest: Manifest) -> tuple[Proposed, ...]:
    """Entries that the manifest lacks, by name. A service is known by its name or by a command that names its file."""
    known = {path for entry in manifest.services.values() for path in _words(entry.command)}
    runnable = [s for s in seen if s.kind in ("server", "worker") and s.command]
    fresh = [s for s in runnable if s.name not in manifest.services and s.path not in known]
    return tuple(_proposed(service) for service in sorted(fresh, key=lambda s: s.name))


def vanished(seen: tuple[Service, ...], manifest: Manifest) -> tuple[str, ...]:
    """Entries whose command names a file of the platform's kind that is no longer there."""
    paths = {s.path for s in seen}
    return tuple(
        name for name, entry in manifest.services.items()
        if (files := [w for w in _words(entry.command) if w.endswith((".py", ".js", ".mjs", ".cjs", ".ts"))])
        and not any(w in paths or f"{entry.cwd}/{w}" in paths for w in files)
    )


def _words(command: str) -> list[str]:
    """A command that no shell could read names no file; `up` tells what is wrong with it."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _proposed(service: Service) -> Proposed:
    if service.dangers:
        danger = service.dangers[0]
        return Proposed(service.name, service, False, f"{danger.place.path}:{danger.place.line} {_reason(danger)}", danger.place)
    if service.variant_of:
        return Proposed(service.name, service, False, f"a variant of {service.variant_of}")
    if service.language == "other" and service.declared_in:
        return Proposed(service.name, service, False, f"starts in its container ({service.declared_in})")
    if service.kind == "worker" and not service.declared_in:
        return Proposed(service.name, service, False, "an endless loop that no Procfile, compose file or script declares")
    return Proposed(service.name, service, True)


def _reason(danger: Danger) -> str:
    return REASONS[danger.kind]
