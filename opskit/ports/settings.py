"""Numbers beside the bind that decide a service's port all the same: environment files, opskit.toml, the other scripts of a package."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.claims import Claim, is_published
from opskit.ports.sightings import BINARY, environment_files, is_document
from opskit.ports.stated.every import stated
from opskit.ports.stated.facts import LAUNCHERS as KINDS
from opskit.survey.manifest import MANIFEST
from opskit.survey.survey import Survey

SPOKEN = re.compile(
    rb"\b(?:print|log|info|debug|warn|warning|error|echo|write|puts)\w*\s*\(|^\s*(?:#|//|/?\*)|(?:^|\s)(?:#|//)\s|\becho\b", re.I)
LAUNCHERS = (".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", "procfile", "makefile", ".mk", ".service", "package.json")
EXAMPLE = re.compile(r"(^|\.)env[.-](example|sample|template|dist|defaults)$|(^|[.-])(example|sample|template)\.env$")
KEY = re.compile(rb"^([ \t]+)([\w.-]+):[ \t]*(?:#[^\n]*)?\r?$", re.M)
TABLE = re.compile(rb"^[ \t]*\[([^\[\]\n]+)\]", re.M)


def settings_of(survey: Survey, claim: Claim) -> Iterator[Place]:
    """The digits, elsewhere, that give this service the port it has: they move with it."""
    variables = {b.variable for b in claim.binds if b.variable}
    for variable in sorted(variables):
        for path in environment_files(survey.tree):
            yield from _assigned(survey.tree, path, variable, claim.port)
    yield from _exemplary(survey, claim, variables)
    yield from _launched(survey, claim, variables)
    yield from _declared(survey.tree, claim, variables)
    yield from _targets(survey.tree, claim)
    yield from _said_again(survey, claim)
    for path in sorted({b.place.path for b in claim.binds if b.place.path.endswith("package.json")}):
        flag = re.compile(rb"(?:--port|-p)[ =]['\\\"]*(" + str(claim.port).encode() + rb")\b(?![.:])")
        yield from (survey.tree.place(path, *m.span(1)) for m in flag.finditer(survey.tree.read(path) or b""))


def _said_again(survey: Survey, claim: Claim) -> Iterator[Place]:
    """Scripts and units that start the service on the port that its code shows already."""
    if not any(map(is_published, claim.binds)):
        for each in stated(survey):
            same = (each.service, each.port, each.protocol) == (claim.service.name, claim.port, claim.protocol)
            if same and each.role == "bind" and each.scope == "machine" and each.kind in KINDS and each.editable:
                yield each.place


def _exemplary(survey: Survey, claim: Claim, variables: set[str]) -> Iterator[Place]:
    """The same number in `.env.example` beside the service or above it, where no other service below that file reads the variable."""
    others = [(s.path, {b.variable for b in s.binds}) for s in survey.services if s.name != claim.service.name]
    for path in survey.tree.files if variables else ():
        folder, _, name = path.rpartition("/")
        if not claim.service.path.startswith(f"{folder}/" if folder else "") or not EXAMPLE.search(name):
            continue
        shared = {v for other, read in others if not folder or other.startswith(f"{folder}/") for v in read}
        for variable in sorted(variables - shared):
            yield from _assigned(survey.tree, path, variable, claim.port)


def _launched(survey: Survey, claim: Claim, variables: set[str]) -> Iterator[Place]:
    """The same number in scripts that set a variable which this service alone reads: `$env:AUTH_PORT = "5000"`."""
    taken = {b.variable for s in survey.services if s.name != claim.service.name for b in s.binds}
    for variable in sorted(variables - taken - {"PORT"}):
        words = re.escape(variable.encode()), str(claim.port).encode()
        given = re.compile(rb"(?:(?<![\w.-])|(?<=\$env:))%s[ \t]*=[ \t]*['\"]?(%s)\b(?![.\w-])" % words)
        for path in survey.tree.holding(survey.tree.ending(*LAUNCHERS), variable.encode()):
            yield from (survey.tree.place(path, *m.span(1)) for m in given.finditer(survey.tree.read(path) or b""))


def messages_of(tree: Tree, claim: Claim) -> Iterator[Place]:
    """The number in the service's own messages and comments: `print("listening on 5000")`, `# port 5000`; and what its
    Dockerfile exposes, where the port is bound and not published, and the image does not set it itself."""
    number = str(claim.port).encode()
    said = re.compile(rb"(?:\bport\b[ :#]{1,3}|\b(?:on|at)[ ]{1,2}|\blistening\W{1,2})(" + number + rb")\b(?![.:%/]\w)", re.I)
    for path in dict.fromkeys((claim.service.path, *(b.place.path for b in claim.binds))):
        data = tree.read(path) or b""
        for match in said.finditer(data):
            line = data[data.rfind(b"\n", 0, match.start()) + 1 : match.start(1)]
            if SPOKEN.search(line):
                yield tree.place(path, *match.span(1))
    dockerfile = posixpath.join(posixpath.dirname(claim.service.path), "Dockerfile")
    if dockerfile in tree.known and not any(is_published(b) for b in claim.binds):
        data = tree.read(dockerfile) or b""
        exposed = re.compile(rb"^EXPOSE[^\n#]*?[ \t](" + number + rb")\b", re.M | re.I)
        given = re.search(rb"^ENV[ \t][^\n#]*PORT\w*[ =]\"?" + number + rb"\b", data, re.M)
        yield from (tree.place(dockerfile, *m.span(1)) for m in exposed.finditer(data) if not given)


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


def _targets(tree: Tree, claim: Claim) -> Iterator[Place]:
    """The container's side of `"5001:5000"`, which must go on meaning the port that the code binds, and what the other
    containers call it by: `http://NAME:5000`."""
    for bind in () if any(map(is_published, claim.binds)) else filter(is_published, claim.service.binds):
        data = tree.read(bind.place.path) or b""
        inside = re.compile(rb":(%d)(?![.\d])" % claim.port).match(data, bind.place.end)
        if inside is None:
            continue
        yield tree.place(bind.place.path, *inside.span(1))
        heads = list(KEY.finditer(data, 0, bind.place.start))
        least = min((len(m[1]) for m in heads), default=0)
        name = next((m[2] for m in reversed(heads) if len(m[1]) == least), b"")
        called = re.compile(rb"(?<![\w.-])%s:(%d)(?![.\d])" % (re.escape(name), claim.port))
        for path in tree.holding((p for p in tree.files if not p.lower().endswith(BINARY) and not is_document(p)), name + b":"):
            yield from (tree.place(path, *m.span(1)) for m in called.finditer(tree.read(path) or b""))


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
