"""What the room knows of one platform, joined once: sightings with their class, their root, and what may be done with each."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from opskit.core.finding import Fix
from opskit.paths.classes import class_of, home_depth, is_scratch
from opskit.paths.facts import Class, Root, Sighting
from opskit.paths.grammar import owner, split
from opskit.paths.languages import Role, is_test, language_of, role_of
from opskit.paths.node.host import Hosts
from opskit.paths.roots import PROJECT, SURE, configured, counted, inferred
from opskit.paths.sightings import sightings
from opskit.source.javascript import read_javascript
from opskit.survey.survey import Survey

TOLD = frozenset(("comment", "docstring", "message", "text", "markup"))
IMPORTED = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)", re.M)
CONTAINED = ("dockerfile", "yaml")  # their posix folders are a container's or a runner's
NAMING = frozenset(("regex", "url", "comparison", "match", "annotation"))
_LEFT: dict[Class, str] = {
    "system": "the operating system's own: on another machine there is another or none",
    "tool": "a program by its place: find it by its name on PATH (shutil.which), or give it a variable of its own",
    "placeholder": "a stand-in for a person's own folder: Path.home() finds it",
    "fixture": "a test's subject, not a file that it opens",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A sighting with what was made of it. `tail` are the pieces below the root; `fix` and `reason` are the last word."""

    sighting: Sighting
    kind: Class
    role: Role
    root: Root | None = None
    tail: tuple[str, ...] = ()
    fix: Fix = "none"
    reason: str = ""


@dataclass(eq=False)
class Paths:
    """Lazily computed, deterministic."""

    survey: Survey

    @cached_property
    def sightings(self) -> tuple[Sighting, ...]:
        return sightings(self.survey.tree)

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """Of opskit.toml first, then those that the code shows."""
        known = configured(self.survey.manifest.paths)
        values = [one.value for one in self.sightings if _speaks(one)]
        if not values:
            return counted(known, (one.value for one in self.sightings))
        tree, names = self.survey.tree, (self.survey.tree.root.name, self.survey.manifest.name)
        return counted(inferred(values, tree.files, names, known, self._taken, self._modules()), (one.value for one in self.sightings))

    def _modules(self) -> Iterator[str]:
        """Where the modules of a folder on sys.path would lie."""
        for one in self.sightings:
            if one.form == "sys-path" and _speaks(one):
                data = self.survey.tree.read(one.place.path) or b""
                for name in dict.fromkeys(IMPORTED.findall(data)):
                    module = name.decode().replace(".", "/")
                    yield from (f"{one.value}/{module}.py", f"{one.value}/{module}/__init__.py")

    def _taken(self, variable: str) -> bool:
        """Whether the code reads such a variable and means something else than a folder of ours."""
        tree, name = self.survey.tree, variable.encode()
        code = (path for path in tree.files if role_of(language_of(path)) == "code")
        if not any(_may_read(tree.read(path) or b"", name) for path in tree.holding(code, name)):
            return False
        of_name = [read for read in self.survey.reads if read.name == variable]
        return any(r.required or (r.default is not None and not split(r.default).anchor) for r in of_name)

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """Every sighting that is one: a route `/home/cart` of a site is left out where nobody's home is called so."""
        return tuple(judged for one in self.sightings if (judged := self._judge(one)) is not None)

    @cached_property
    def settled(self) -> bool:
        """Whether the tree was written on somebody's machine at all: a library's examples name drives too."""
        return any(root.kind != "folder" for root in self.roots)

    @cached_property
    def _lived_in(self) -> frozenset[str]:
        """Folders that several files open something of: one example names them once."""
        files = defaultdict[str, set[str]](set)
        for one in self.sightings:
            if one.fix == "safe" and _speaks(one) and (owned := owner(one.value, self.roots)):
                files[owned[0].prefix].add(one.place.path)
        return frozenset(prefix for prefix, paths in files.items() if len(paths) >= SURE)

    @cached_property
    def functions(self) -> frozenset[str]:
        """Files that run on somebody else's machine, which is read-only."""
        return frozenset(path for s in self.survey.services if s.kind == "function" for path in s.closure)

    @cached_property
    def reached(self) -> dict[str, str]:
        """Files that an enabled service loads, with its name; not looked for in a tree where nothing hangs on a machine."""
        if not self.roots:
            return {}
        return {path: service.name for service in reversed(self.survey.running()) for path in service.closure}

    def _judge(self, one: Sighting) -> Judged | None:
        found = owner(one.value, self.roots)
        root, tail = found if found else (None, ())
        role: Role = "prose" if one.form in TOLD else role_of(one.language)
        kind = class_of(one.value, role == "prose")
        if root is None and not _is_likely(one):
            return None
        if root is not None and (root.kind == "project" or kind not in ("tool", "system")):
            kind = "project" if root.kind == "project" else "personal" if root.kind == "personal" else "other"
        elif is_test(one.place.path):
            kind = "fixture"
        fix, reason = self._mendable(one, kind, root)
        return Judged(one, kind, role, root, tail, fix, reason)

    def _mendable(self, one: Sighting, kind: Class, root: Root | None) -> tuple[Fix, str]:
        if kind in _LEFT:
            return "none", _LEFT[kind]
        if one.defect:
            return "none", f"an escape makes {one.defect} of it: decide what is meant"
        if one.fix == "none":
            return "none", one.reason.replace("$env:NAME", f"$env:{root.variable}") if root else one.reason
        if root is None:
            unc = split(one.value).anchor.startswith("\\\\")
            return "none", "a share of a network: give it a variable of its own" if unc else "no folder that it shares with others"
        if kind != "project" and one.place.path in self.functions:
            return "none", "a function runs on a read-only host: no path mends it, the data has to come from a database or the bundle"
        if reason := self._rival(one, root) or self._hosted(one):
            return "none", reason
        if root.kind == "folder" and not self.settled and root.prefix not in self._lived_in:
            return "review", "nothing else in this tree hangs on somebody's machine: it may be an example"
        return one.fix, one.reason

    def _hosted(self, one: Sighting) -> str:
        """Why a script gets no `path`: a browser or a bundler may take it."""
        script = self.survey.tree.parsed(one.place.path, read_javascript) if one.language == "javascript" else None
        return self.hosts.of(script).reason if script is not None else ""

    @cached_property
    def hosts(self) -> Hosts:
        return Hosts(self.survey)

    @cached_property
    def _named(self) -> dict[tuple[str, str, str], set[str]]:
        """The folders that each file names of one variable, where several of one system share it."""
        shared = Counter((root.variable, _system(root.prefix)) for root in self.roots)
        found = defaultdict[tuple[str, str, str], set[str]](set)
        for one in self.sightings if shared and max(shared.values()) > 1 else ():
            owned = owner(one.value, self.roots) if one.form not in TOLD else None
            if owned:
                found[one.place.path, owned[0].variable, _system(one.value)].add(owned[0].prefix)
        return found

    def _rival(self, one: Sighting, root: Root) -> str:
        """Two folders of one system under one variable would become one and the same: a copy onto itself."""
        named = self._named.get((one.place.path, root.variable, _system(one.value)), set())
        other = next(iter(sorted(named - {root.prefix})), "")
        told = f"the file names {other} too, which {root.variable} stands for as well: give one a name of its own in opskit.toml"
        return told if other else ""


def _may_read(data: bytes, name: bytes) -> bool:
    """Code reads a variable by its name in quotes or behind a sign; bare it is a settings class's field, or a property of JavaScript's
    `process.env`: any other constant of that name costs nobody the survey of what the platform reads."""
    return re.search(rb"[\"'`%%]%b|\$\{?%b" % (name, name), data) is not None or b"Settings" in data or b".env" in data


def _system(value: str) -> str:
    """Folders of two systems lie on two machines: a drive, a Mac's `/Users`, any other."""
    pieces = split(value)
    return "macos" if pieces.flavour == "posix" and pieces.parts[:1] == ("Users",) else pieces.flavour


def _speaks(one: Sighting) -> bool:
    """Whether a sighting says something on where the author's folders are."""
    if one.form in TOLD or role_of(one.language) == "prose" or not one.whole or one.form in NAMING or one.confidence == "low":
        return False
    somewhere = not split(one.value).anchor.startswith("\\\\") and not is_scratch(one.value)
    return somewhere and not is_test(one.place.path) and _is_likely(one) and class_of(one.value) in ("personal", "other")


def _is_likely(one: Sighting) -> bool:
    """`/home/NAME` alone, or given to a router, is a page of a site sooner than a folder."""
    pieces = split(one.value)
    if pieces.flavour == "windows":
        return bool(pieces.parts) or pieces.anchor.startswith("\\\\")
    return len(pieces.parts) > (home_depth(pieces) or 2) and one.form not in ("url", "markup", "regex") and one.language not in CONTAINED


def project_variable(roots: Iterable[Root]) -> str:
    return next((root.variable for root in roots if root.kind == "project"), PROJECT)


@lru_cache(maxsize=4)
def paths_of(survey: Survey) -> Paths:
    """One a survey, so that rules and fix share what was read."""
    return Paths(survey)
