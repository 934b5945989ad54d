"""One module of constants for a package's modules that need the same folders, where it is proved how they are loaded."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from posixpath import basename, dirname

from opskit.core.change import Change, FileCreate, FileEdit, appended
from opskit.paths.facts import How, Rewritten, Root, Sighting
from opskit.paths.grammar import owner
from opskit.paths.python import expressions, proof
from opskit.paths.python.callee import Callees
from opskit.paths.python.loading import Loading, dotted_from, package_of
from opskit.paths.python.share import TOLD, Share
from opskit.source.python import read_python
from opskit.survey.survey import Survey

NAMES = ("_roots", "_folders", "_opskit_roots")
FEWEST = 2
SEARCH_PATH = "it puts the folder on sys.path, before its imports can be found"
ENVIRONMENT = "it reads .env itself before it asks for the folder"


Rewrite = Callable[[str, Share], Rewritten]
Chosen = Mapping[str, Sequence[Sighting]]


class Sharing:
    def __init__(self, survey: Survey, roots: Sequence[Root], how: How) -> None:
        self.tree, self.roots, self.how = survey.tree, roots, how
        self.loading = Loading(survey)

    def rewritten(self, chosen: Chosen, rewrite: Rewrite) -> dict[str, Rewritten]:
        """Each file's own rewriting, those of a shared module with it in one group; `rewrite` does one file."""
        shares = self._shares(chosen)
        while True:
            done = {path: rewrite(path, shares[path]) for path in chosen}
            modules = self._modules(shares, done)
            proofs = {path: proved(path, change, self.tree.read(path), self.roots) for path, change in modules.items()}
            failed = {path: reason for path, reason in proofs.items() if reason}
            fewer = {path: self._fewer(path, shares, done, failed) for path in chosen}
            if fewer == shares:
                return done | {path: Rewritten((change,)) for path, change in modules.items()}
            shares = fewer

    def _shares(self, chosen: Chosen) -> dict[str, Share]:
        found = {path: self._alone(path, group) for path, group in chosen.items()}
        packages = {path: package_of(path, self.loading.of(path).depth) for path, own in found.items() if not own}
        needed = {path: {o[0].variable for one in chosen[path] if (o := owner(one.value, self.roots))} for path in packages}
        counts = Counter((package, variable) for path, package in packages.items() for variable in needed[path])
        shares = dict[str, Share]()
        for path, own in found.items():
            name = self._name(packages[path]) if path in packages else ""
            module = f"{packages[path]}/{name}.py" if name else ""
            common = frozenset(v for v in needed.get(path, ()) if module and counts[packages[path], v] >= self._fewest(module, v))
            shares[path] = self._share(path, packages[path], name, common) if common else Share(own=own)
        return shares

    def _share(self, path: str, package: str, name: str, variables: frozenset[str]) -> Share:
        whole = package.replace("/", ".")
        dotted = re.compile(rb"^(?:from|import) %b\b" % re.escape(whole.encode()), re.M)
        absolute = self.loading.of(path).exact and dirname(package) == "" and dotted.search(self.tree.read(path) or b"")
        return Share(f"{package}/{name}.py", f"{whole}.{name}" if absolute else dotted_from(path, package, name), variables)

    def _alone(self, path: str, chosen: Sequence[Sighting]) -> str:
        """Why a file keeps a constant of its own."""
        if any(one.form == "sys-path" for one in chosen):
            return SEARCH_PATH
        if b"load_dotenv" in (self.tree.read(path) or b""):
            return ENVIRONMENT
        return self.loading.of(path).reason

    def _name(self, package: str) -> str:
        """A module's name that nothing in the package has, or the module that an earlier run made."""
        known = {path[len(package) + 1 :].partition("/")[0].lower() for path in self.tree.files if path.startswith(f"{package}/")}
        bound = self.tree.read(f"{package}/__init__.py") or b""
        for name in NAMES:
            data = self.tree.read(f"{package}/{name}.py")
            if data is not None and data.startswith(TOLD.encode()):
                return name
            taken = data is not None or any(each.split(".")[0] == name for each in known) or re.search(rb"\b%b\b" % name.encode(), bound)
            if not taken:
                return name
        return ""

    def _fewer(self, path: str, shares: Mapping[str, Share], done: Mapping[str, Rewritten], failed: Mapping[str, str]) -> Share:
        """What is left of a share when only those count that their proof let through."""
        share = shares[path]
        counts = Counter(v for other, each in done.items() if shares[other].path == share.path for v in each.shared)
        still = frozenset(v for v in share.variables if counts[v] >= self._fewest(share.path, v))
        if share.path in failed:
            return Share(own=failed[share.path])
        return share if still == share.variables else replace(share, variables=still) if still else Share()

    def _fewest(self, path: str, variable: str) -> int:
        """How many modules a shared constant is worth; one that an earlier run made is there already."""
        return FEWEST if re.search(rb"^%b = " % variable.encode(), self.tree.read(path) or b"", re.M) is None else 1

    def _modules(self, shares: Mapping[str, Share], done: Mapping[str, Rewritten]) -> dict[str, Change]:
        wanted = defaultdict[str, set[str]](set)
        for path, share in shares.items():
            wanted[share.path] |= set(done[path].shared)
        return {path: self._module(path, variables) for path, variables in wanted.items() if variables and self._missing(path, variables)}

    def _missing(self, path: str, variables: set[str]) -> list[Root]:
        data = self.tree.read(path) or b""
        roots = {root.variable: root for root in sorted(self.roots, key=lambda r: r.uses) if root.variable in variables}
        wanted = sorted(roots.values(), key=lambda root: (root.kind != "project", root.variable))
        return [root for root in wanted if not re.search(rb"^%b = os\.getenv\(" % root.variable.encode(), data, re.M)]

    def _module(self, path: str, variables: set[str]) -> Change:
        missing, group, before = self._missing(path, variables), f"paths:{path}", self.tree.read(path)
        there = next((r.variable for r in self.roots if r.kind == "project" and r.variable in variables), "")
        lines = [self._line(root, path, there if root.variable != there else "") for root in missing]
        names = ", ".join(root.variable for root in missing)
        if before is not None:
            text = "".join(f"{line}\n" for line in lines)
            return appended(path, before, text, f"{names} for the modules of {dirname(path)}", group, "OPS-W001")
        content = "\n".join((TOLD, "", "import os", "", *lines, "")).encode()
        return FileCreate(path, content, f"{names}, once for the modules of {dirname(path)}", group, "OPS-W001")

    def _line(self, root: Root, path: str, project: str) -> str:
        return expressions.constant(root.variable, root, path, "os", self.how.default, project)


def proved(path: str, change: Change, before: bytes | None, roots: Sequence[Root]) -> str:
    """Why the shared module must not be written; "" where each of its constants is the old folder, or the one that stands for it."""
    data = (before or b"") + change.new if isinstance(change, FileEdit) else change.content if isinstance(change, FileCreate) else b""
    source = read_python(path, data)
    if source.tree is None:
        return source.error
    known, callees = {root.variable: root for root in sorted(roots, key=lambda r: r.uses)}, Callees(source)
    project = next((root.variable for root in roots if root.kind == "project"), "")
    for node in source.tree.body:
        name = source.text(node).partition(" = ")[0]
        if name in known and hasattr(node, "value"):
            root = known[name]
            if reason := proof.of_constant(node.value, callees, path, root.prefix, root.home, project):
                return f"{basename(path)}: {reason}"
    return ""
