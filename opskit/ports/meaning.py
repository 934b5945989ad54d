"""Which service a mention of a port means, by evidence in this order: the only claimant, the path that it asks for,
the file that it stands in, the name beside it. Never by the number alone where several claim it."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from opskit.core.tree import Tree
from opskit.ports.claims import Claim
from opskit.ports.pairs import heading
from opskit.ports.routes import answered, says_something
from opskit.ports.sightings import OPEN, Sighting
from opskit.ports.uses import base_name, uses
from opskit.survey.facts import Service

STARTERS = (
    ".bat",
    ".cmd",
    ".ps1",
    ".sh",
    ".bash",
    ".service",
    ".toml",
    ".yml",
    ".yaml",
    "procfile",
    "makefile",
    "dockerfile",
    ".md",
    ".txt",
)


CONFIGURATION = (".json", ".json5", ".jsonc", ".toml", ".yml", ".yaml", ".ini", ".cfg", ".conf")
QUOTED_PATH = re.compile(rb"['\"`](/[A-Za-z][\w\-/.]*)['\"`]")
WEB = ("", "http", "https", "ws", "wss", "tcp", "grpc")


@dataclass(frozen=True, slots=True)
class Meaning:
    """`claim` is None where it stays ambiguous (then `why` says between whom) or where nobody claims the port. `evidence`
    is sole, path, code, name, folder, start, variants or neighbours; `paths` are what is asked for, `claimants` whoever claims it."""

    sighting: Sighting
    claim: Claim | None
    why: str
    claimants: tuple[Claim, ...] = ()
    evidence: str = ""
    paths: tuple[str, ...] = field(default=())


def meaning(tree: Tree, sighting: Sighting, claimants: Iterable[Claim], home: Service | None = None) -> Meaning:
    """`claimants` are all that claim the sighted port over TCP, disabled ones too: their references are theirs. `home` is
    the server whose entry file it stands in: a message there may speak of `home` itself, with a number out of date."""
    among = tuple(c for c in claimants if sighting.scheme in WEB or c.service.language == "other")
    if not among:
        return Meaning(sighting, None, "nobody listens there")
    if len(among) == 1:
        return Meaning(sighting, among[0], "the only one on this port", among, "sole", sighting.urls)
    paths = tuple(path for path in dict.fromkeys((*uses(tree, sighting), *sighting.urls)) if says_something(path))
    by_path = _by_path(among, paths)
    if doubt := _doubt(tree, sighting, among, by_path, home, paths):
        return Meaning(sighting, None, doubt, among, "", paths)
    if len(by_path) == 1:
        return Meaning(sighting, by_path[0], f"only it answers {_told(paths, by_path[0])}", among, "path", paths)
    for choose, evidence, why in EVIDENCE:
        if len(found := choose(tree, sighting, by_path or among)) == 1:
            return Meaning(sighting, found[0], why, among, evidence, paths)
    return Meaning(sighting, None, _between(among, paths, by_path), among, "", paths)


def _doubt(
    tree: Tree, sighting: Sighting, among: tuple[Claim, ...], by_path: tuple[Claim, ...], home: Service | None, paths: tuple[str, ...]
) -> str:
    """Evidence that contradicts itself: a path of one service under the name of another, a server's message on itself."""
    named = _by_name(tree, sighting, among)
    if len(by_path) == 1 and named and by_path[0] not in named:
        return f"it names {named[0].service.name}, and only {by_path[0].service.name} answers {_told(paths, by_path[0])}"
    elsewhere = home is not None and all(c.service.name != home.name for c in among) and _is_message(tree, sighting)
    if home is not None and elsewhere and (not paths or any(answered(home.routes, path) for path in paths)):
        return f"a message of {home.name}, which listens on {home.port}"
    return ""


def _is_message(tree: Tree, sighting: Sighting) -> bool:
    data = tree.read(sighting.place.path) or b""
    line = data[data.rfind(b"\n", 0, sighting.used) + 1 : sighting.used]
    return re.search(rb"\b(?:print|log|info|debug|warn|echo|write)\w*\s*\(", line) is not None


def agreed(tree: Tree, meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """Mentions that ask for no path take the meaning that every other mention of the port in their file has by its path,
    unless another claimant's name or a path of its own stands right before them."""
    found, by_file = tuple(meanings), defaultdict[tuple[str, int], dict[tuple[str, int, str], Claim]](dict)
    for m in found:
        if m.claim is not None and m.evidence == "path":
            by_file[m.sighting.place.path, m.sighting.port][m.claim.key] = m.claim
    told = []
    for m in found:
        near = by_file.get((m.sighting.place.path, m.sighting.port), {})
        if m.claim is None and not m.paths and len(near) == 1 and not _speaks_of_others(tree, m, next(iter(near.values()))):
            m = replace(m, claim=next(iter(near.values())), why="the file's other calls to this port mean it", evidence="neighbours")
        told.append(m)
    return tuple(told)


def _speaks_of_others(tree: Tree, m: Meaning, meant: Claim) -> bool:
    data, at = tree.read(m.sighting.place.path) or b"", m.sighting.used
    front = data[max(0, at - 200) : at].removesuffix(b"://").rpartition(b"://")[2]
    line = data[at : data.find(b"\n", at) if b"\n" in data[at:] else len(data)].partition(b"://")[0]
    words = f" {_words((front + b' ' + line).decode('utf-8', 'replace'))} "
    others = [c for c in m.claimants if c.family != meant.family]
    asked = [found.decode() + OPEN for found in QUOTED_PATH.findall(front + b" " + line)]
    return any(f" {_words(c.service.name)} " in words or any(answered(c.service.routes, path) for path in asked) for c in others)


def _by_path(among: tuple[Claim, ...], paths: Iterable[str]) -> tuple[Claim, ...]:
    """Those whose routes answer the paths; several paths that only different services answer leave several."""
    decided = set[int]()
    shared = set[int]()
    for path in paths:
        hits = {i for i, claim in enumerate(among) if answered(claim.service.routes, path)}
        (decided if len(hits) == 1 else shared).update(hits)
    return tuple(among[i] for i in sorted(decided or shared))


def _by_file(tree: Tree, sighting: Sighting, among: tuple[Claim, ...]) -> list[Claim]:
    """The service whose own code it stands in; the entry file outweighs a module that several load."""
    path = sighting.place.path
    own = [c for c in among if c.service.path == path or any(b.place.path == path for b in c.binds)]
    return own or [c for c in among if path in c.service.closure]


def _by_name(tree: Tree, sighting: Sighting, among: tuple[Claim, ...]) -> list[Claim]:
    """The service whose whole name stands before it on the line or in its braces, or behind it where no other address
    follows, begins the variable's name, or is the key that its braces or block is given to."""
    around = _words(_around(tree.read(sighting.place.path) or b"", sighting).decode("utf-8", "replace"))
    named = f"{_words(base_name(tree, sighting).decode())} "
    words = {c.key: f"{_words_of(c.service.name)} " for c in among}
    key = f"{_words(heading(tree.read(sighting.place.path) or b'', sighting.used).decode('utf-8', 'replace'))} "
    beside = [c for c in among if _is_telling(c.service.name) and f" {words[c.key]}" in f" {around} "]
    return [c for c in among if named.startswith(words[c.key]) or key == words[c.key] or c in beside]


def _around(data: bytes, sighting: Sighting) -> bytes:
    """What stands around an address in its flat braces, else on its line; other addresses bound it."""
    at, after = sighting.used, max(sighting.used, sighting.place.end)
    before, behind = data[max(0, at - 300) : at], data[after : after + 300]
    brace, end = before.rpartition(b"{")[2], behind.partition(b"}")[0]
    if len(brace) == len(before) or b"}" in brace or len(end) == len(behind) or b"{" in end:
        brace, end = before.rpartition(b"\n")[2], behind.partition(b"\n")[0]
    front = brace.removesuffix(b"://").rpartition(b"://")[2]
    return front + b" " + (b"" if b"://" in end else end)


def _by_folder(tree: Tree, sighting: Sighting, among: tuple[Claim, ...]) -> list[Claim]:
    """The service in whose package a configuration stands: the claimant whose folder holds it most closely."""
    path = sighting.place.path
    if not path.lower().endswith(CONFIGURATION):
        return []
    folders = {c.key: f"{posixpath.dirname(c.service.path)}/" for c in among if posixpath.basename(c.service.path) == "package.json"}
    holding = [c for c in among if path.startswith(folders.get(c.key, "/"))]
    deepest = max((len(folders[c.key]) for c in holding), default=0)
    return [c for c in holding if len(folders[c.key]) == deepest]


def _by_start(tree: Tree, sighting: Sighting, among: tuple[Claim, ...]) -> list[Claim]:
    """The service whose entry file a script or a page of instructions names."""
    if not sighting.place.path.lower().endswith(STARTERS):
        return []
    data = tree.read(sighting.place.path) or b""
    entry = {c.key: c.service.path.rsplit("/", 1)[-1].encode() for c in among}
    near = (c for c in among if entry[c.key] in data)
    return [c for c in near if re.search(rb"(?<![\w-])" + re.escape(entry[c.key]) + rb"(?![\w.-])", data)]


def _by_family(tree: Tree, sighting: Sighting, among: tuple[Claim, ...]) -> list[Claim]:
    """Of the variants of one service the one that runs: enabled, and the original where nobody has chosen."""
    if len({c.family for c in among}) > 1:
        return []
    running = [c for c in among if c.service.enabled] or list(among)
    return running if len(running) == 1 else [c for c in running if not c.service.variant_of]


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


_words_of = lru_cache(maxsize=1024)(_words)
"""A service's name is asked for at every mention that may mean it."""


def _is_telling(name: str) -> bool:
    return "-" in name or len(name) >= 6


def _told(paths: Iterable[str], claim: Claim) -> str:
    return next((p for p in paths if answered(claim.service.routes, p)), "").replace("\0", "*")


def _between(among: tuple[Claim, ...], paths: tuple[str, ...], by_path: tuple[Claim, ...]) -> str:
    names = ", ".join(sorted(c.service.name for c in by_path or among))
    shown = (paths[0] if paths else "").replace("\0", "*")
    if len(by_path) > 1:
        return (
            f"{shown} and what else it asks for is answered by several: {names}"
            if len(paths) > 1
            else f"{shown} is answered by several: {names}"
        )
    return f"none of them is known to answer {shown}: {names}" if shown else f"it names no path, and several claim the port: {names}"


EVIDENCE = (
    (_by_file, "code", "it stands in its own code"),
    (_by_name, "name", "its name stands beside it"),
    (_by_folder, "folder", "it stands in its own package"),
    (_by_start, "start", "the file starts it"),
    (_by_family, "variants", "it stands for its variants, which never run together"),
)
