"""Names of services: the entry file's stem in kebab-case, made unique by its folders."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from posixpath import basename, dirname, splitext

from opskit.survey.facts import Service


def named(services: tuple[Service, ...], known_as: Mapping[str, int]) -> tuple[Service, ...]:
    """Each service under its unique name. Several services of one file, and those without a file, keep what they are
    declared as; at a clash the one nearest the root keeps the bare name. `known_as` are the names that declarations use
    for a service (by its position), so that `depends_on` speaks of the new ones."""
    taken: set[str] = set()
    often = Counter(s.path for s in services if s.path)
    renamed: dict[int, str] = {}
    order = sorted(range(len(services)), key=lambda i: (services[i].path.count("/"), not services[i].path, services[i].path, i))
    first: set[str] = set()
    for at in order:
        service = services[at]
        alone = bool(service.path) and (often[service.path] == 1 or service.path not in first)
        first.add(service.path)
        name = next(n for n in _candidates(service, alone) if n not in taken)
        taken.add(name)
        renamed[at] = name
    names = {told: renamed[at] for told, at in known_as.items()}
    return tuple(replace(s, name=renamed[at], depends_on=tuple(names.get(d, d) for d in s.depends_on)) for at, s in enumerate(services))


def _candidates(service: Service, by_file: bool) -> list[str]:
    file = basename(service.path)
    stem = kebab(splitext(file)[0]) if by_file and not file.endswith(".json") else kebab(service.name)
    folders = [kebab(part) for part in dirname(service.path).split("/") if part] if service.path else []
    longer = ["-".join((*folders[-depth:], stem)) for depth in range(1, len(folders) + 1)]
    return [stem, *longer, *(f"{stem}-{number}" for number in range(2, 1000))]


def kebab(text: str) -> str:
    """`Auth_System` -> `auth-system`."""
    return re.sub(r"[^0-9a-z]+", "-", text.lower()).strip("-") or "service"
