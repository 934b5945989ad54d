"""Numbers beside the code that decide a service's port all the same: environment files and opskit.toml."""

import re
from collections.abc import Iterator

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.claims import Claim
from opskit.ports.sightings import environment_files
from opskit.survey.manifest import MANIFEST
from opskit.survey.survey import Survey

TABLE = re.compile(rb"^[ \t]*\[([^\[\]\n]+)\]", re.M)


def settings_of(survey: Survey, claim: Claim) -> Iterator[Place]:
    """The digits, elsewhere, that give this service the port it has: they move with it."""
    variables = {b.variable for b in claim.binds if b.variable}
    for variable in sorted(variables):
        for path in environment_files(survey.tree):
            yield from _assigned(survey.tree, path, variable, claim.port)
    yield from _declared(survey.tree, claim, variables)


def sharers(survey: Survey, claim: Claim) -> tuple[str, ...]:
    """Other services that take a port from the same variable of an environment file; moving one would move all."""
    variables = {b.variable for b in claim.binds if b.variable}
    if not any(_assigned(survey.tree, path, v, claim.port) for v in variables for path in environment_files(survey.tree)):
        return ()
    return tuple(sorted(s.name for s in survey.services if s.name != claim.service.name and any(b.variable in variables for b in s.binds)))


def _assigned(tree: Tree, path: str, variable: str, port: int) -> list[Place]:
    pattern = re.compile(
        rb"^[ \t]*(?:export[ \t]+)?" + re.escape(variable.encode()) + rb"[ \t]*=[ \t]*['\"]?(" + str(port).encode() + rb")\b(?!\.)", re.M
    )
    return [tree.place(path, *m.span(1)) for m in pattern.finditer(tree.read(path) or b"")]


def _declared(tree: Tree, claim: Claim, variables: set[str]) -> Iterator[Place]:
    """`port = N` under [services.NAME], and the variable in its `env`."""
    data = tree.read(MANIFEST) or b""
    name, number = re.escape(claim.service.name.encode()), str(claim.port).encode()
    tables = list(TABLE.finditer(data))
    for at, table in enumerate(tables):
        if re.fullmatch(rb"services\s*\.\s*[\"']?" + name + rb"[\"']?(?:\s*\.\s*env)?", table[1].strip()):
            end = tables[at + 1].start() if at + 1 < len(tables) else len(data)
            words = b"|".join([b"port", *(re.escape(v.encode()) for v in sorted(variables))])
            pattern = re.compile(
                rb"(?:^|[{,])[ \t]*(?:env[ \t]*=[ \t]*\{[ \t]*)?(?:" + words + rb")[ \t]*=[ \t]*['\"]?(" + number + rb")\b(?!\.)", re.M
            )
            yield from (tree.place(MANIFEST, *m.span(1)) for m in pattern.finditer(data, table.end(), end))
