"""Names of services: what declares them, else the entry file's stem in kebab-case; made unique by its folders."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from posixpath import basename, dirname, splitext

from opskit.survey.facts import Service

GENERIC = frozenset({"main", "app", "server", "index", "run", "wsgi", "asgi", "api", "start", "application", "manage"})
WEB = "web"  # the one name that Heroku knows for a process with a port: it says as little as `main`
PLAIN = GENERIC | frozenset("service web http rest grpc mcp a2a fastapi flask sanic quart tornado aiohttp django launch launcher".split())
LAYOUT = frozenset({"src", "lib", "source", "bin"})


def named(services: tuple[Service, ...], known_as: Mapping[str, int], labels: Mapping[int, str]) -> tuple[Service, ...]:
    """Each service under its unique name. `labels` are the names that platform files give (by the service's position);
    a file called `main` or `app` takes the name of its folder. At a clash the one nearest the root keeps the bare name.
    `known_as` are the names that declarations use for a service, so that `depends_on` speaks of the new ones."""
    taken: set[str] = set()
    renamed: dict[int, str] = {}

    beside = Counter(dirname(s.path) for s in services if s.path and s.kind in ("server", "worker"))

    def order(at: int) -> tuple[bool, int, bool, str, int]:
        path = services[at].path
        return at not in labels, path.count("/"), not path, path, at

    for at in sorted(range(len(services)), key=order):
        alone = beside[dirname(services[at].path)] < 2
        renamed[at] = next(n for n in _candidates(services[at], labels.get(at, ""), alone) if n not in taken)
        taken.add(renamed[at])
    names = {told: renamed[at] for told, at in known_as.items()}
    return tuple(replace(s, name=renamed[at], depends_on=tuple(names.get(d, d) for d in s.depends_on)) for at, s in enumerate(services))


def _candidates(service: Service, label: str, alone: bool) -> list[str]:
    """`alone`: no other service starts in its folder, whose name then says more than `web_server`, and more than `server`."""
    folders = [kebab(part) for part in dirname(service.path).split("/") if part] if service.path else []
    stem = full = kebab(splitext(basename(service.path))[0])
    packaged = service.path.endswith(".json")
    if service.kind == "function" or packaged or not service.path:
        label = label or service.name
    if label and not (label == WEB and service.path and not packaged and (stem not in GENERIC or set(folders) - LAYOUT)):
        stem = full = kebab(label)
    elif _says_little(stem, alone) and (inner := [f for f in folders if f not in LAYOUT]):
        folders = folders[: len(folders) - folders[::-1].index(inner[-1]) - 1]
        stem, full = inner[-1], f"{inner[-1]}-{stem}"
    longer = ["-".join((*folders[-depth:], stem)) for depth in range(1, len(folders) + 1)]
    told = [full] if not longer and full != stem else []
    return [stem, *longer, *told, *(f"{stem}-{number}" for number in range(2, 1000))]


def _says_little(stem: str, alone: bool) -> bool:
    return stem in GENERIC if not alone and stem != "server" else alone and set(stem.split("-")) <= PLAIN


def telling_name(package: str, folder: str) -> str:
    """A package's name, or its folder's where that says the same and more: `admin` in `till-admin/`."""
    return folder if kebab(folder).endswith(f"-{kebab(package)}") else package


def kebab(text: str) -> str:
    """`Auth_System` -> `auth-system`."""
    return re.sub(r"[^0-9a-z]+", "-", text.lower()).strip("-") or "service"
