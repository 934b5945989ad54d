"""One file's new bytes: a constant for every variable it needs, the lines of the header, the literals spliced in place."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from opskit.core.tree import Tree
from opskit.paths.facts import How, Root
from opskit.paths.python import expressions
from opskit.paths.python.flow import Flows
from opskit.paths.python.header import Layout, Refused, free, held, imported, lay_out, names_for, serves
from opskit.paths.python.scope import Scopes
from opskit.paths.python.share import Share
from opskit.paths.python.work import Splice, Work, following, splices
from opskit.source.python import PythonSource


class Failed(Exception):
    """One literal cannot be rewritten beside the others."""

    def __init__(self, work: Work, reason: str) -> None:
        super().__init__(reason)
        self.work, self.reason = work, reason


@dataclass(frozen=True, slots=True)
class Constant:
    """The name that stands for a root in one file. `statement` is "" where the file has it already; `holder` is the work whose own
    assignment becomes it; `project` names the constant that its fallback is built on; `module` is the module that it is imported from."""

    name: str
    root: Root
    statement: str = ""
    holder: Work | None = None
    project: str = ""
    module: str = ""

    @property
    def is_new(self) -> bool:
        return bool(self.statement)


@dataclass(frozen=True, slots=True)
class Draft:
    """`splices` in order, `owners` whose each is (the header's have none), `constants` what each work reads, `os` the module's name."""

    data: bytes
    splices: tuple[Splice, ...]
    owners: Mapping[Splice, Work]
    constants: Mapping[Work, Constant]
    os: str


class Drafter:
    def __init__(self, tree: Tree, source: PythonSource, scopes: Scopes, flows: Flows, how: How, share: Share) -> None:
        self.tree, self.source, self.scopes, self.flows, self.how, self.share = tree, source, scopes, flows, how, share

    def draft(self, works: Sequence[Work]) -> Draft:
        """Raises Refused for the file, Failed for one of the works."""
        layout = lay_out(self.source, self.scopes, [work.node for work in works])
        constants = self._constants(works, layout.os)
        owners = {splice: work for work, constant in constants.items() for splice in self._spliced(work, constant, layout.os)}
        placed = sorted((*owners, *self._header(layout, _lines(constants.values()), _needs(layout.os, owners, constants.values()))),
                        key=lambda each: (each.start, each.end))
        return Draft(self._assembled(placed, owners), tuple(placed), owners, constants, layout.os)

    def _constants(self, works: Sequence[Work], os: str) -> dict[Work, Constant]:
        groups, found, project = dict[str, list[Work]](), dict[Work, Constant](), ""
        for work in sorted(works, key=lambda each: (each.root.kind != "project", each.root.variable)):
            groups.setdefault(work.root.variable, []).append(work)
        for variable, group in groups.items():
            constant = self._constant(variable, group, os, project)
            found |= dict.fromkeys(group, constant)
            if constant.root.kind == "project" and constant.is_new and constant.holder is None:
                project = constant.name
        return found

    def _constant(self, variable: str, group: Sequence[Work], os: str, project: str) -> Constant:
        """One that the file has, one that an assignment of it becomes, or a new one."""
        uses, root = [work.node for work in group], max((work.root for work in group), key=lambda each: each.uses)
        if name := held(self.scopes, variable, uses) or imported(self.tree, self.source, self.scopes, variable, uses):
            return Constant(name, root)
        if variable in self.share.variables:
            name = free(self.scopes, self._names(variable), uses)
            taken = variable if name == variable else f"{variable} as {name}"
            return Constant(name, root, f"from {self.share.module} import {taken}", None, project, self.share.module)
        if holder := self._holder(group):
            name = self._target(holder)
            return Constant(name, holder.root, self._statement(name, holder.root, os, ""), holder)
        name = free(self.scopes, self._names(variable), uses)
        return Constant(name, root, self._statement(name, root, os, project), None, project)

    def _statement(self, name: str, root: Root, os: str, project: str) -> str:
        return expressions.constant(name, root, self.source.path, os, self.how.default, project)

    def _holder(self, group: Sequence[Work]) -> Work | None:
        """The work whose own statement can be the constant: it names the root, once, above every other use."""
        for work in group:
            others = [other.node for other in group if other is not work]
            if work.assigned is not None and serves(self.scopes, self._target(work), work.assigned, others):
                return work
        return None

    def _target(self, work: Work) -> str:
        return self.source.text(work.assigned.targets[0]) if work.assigned is not None else ""

    def _names(self, variable: str) -> Iterable[str]:
        crowded = any(star.level or (star.module or "").split(".")[0] not in sys.stdlib_module_names for star in self.scopes.stars)
        return names_for(variable, crowded, self._is_exported())

    def _is_exported(self) -> bool:
        """Whether another file takes every public name of this one."""
        if "__all__" in self.scopes.bindings:
            return False
        stem = self.source.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
        taken = re.compile(rb"^\s*from\s+[\w.]*\b" + re.escape(stem.encode()) + rb"\s+import\s+\*", re.M)
        return any(taken.search(self.tree.read(path) or b"") for path in self.tree.holding(self.tree.ending(".py"), b"import *"))

    def _spliced(self, work: Work, constant: Constant, os: str) -> list[Splice]:
        try:
            if constant.holder is work:
                value = constant.statement.partition(" = ")[2].encode(self.source.encoding)
                return [Splice(*self.source.span(work.node), value), *following(self.source, work, self.flows)]
            return list(splices(self.source, work, constant.name, os, self.flows))
        except (Refused, ValueError) as error:
            raise Failed(work, str(error)) from error

    def _assembled(self, placed: Sequence[Splice], owners: Mapping[Splice, Work]) -> bytes:
        reached, pieces, before = 0, list[bytes](), None
        for splice in placed:
            if before is not None and (splice.start < before.end or (splice.start, splice.end) == (before.start, before.end)):
                raise Failed(owners.get(splice) or owners[before], "it overlaps another rewrite")
            pieces += [self.source.data[reached : splice.start], splice.new]
            reached, before = splice.end, splice
        return b"".join([*pieces, self.source.data[reached:]])

    def _header(self, layout: Layout, lines: Sequence[str], needs_os: bool) -> list[Splice]:
        """The import of os and the constants' statements, on lines of their own."""
        importing = [f"import {layout.os}" if layout.os == "os" else f"import os as {layout.os}"] if layout.import_at and needs_os else []
        found, at = list[Splice](), layout.constants_at
        if importing and layout.import_at is not None and (layout.import_at.offset != at.offset or not lines):
            found.append(self._lines(layout.import_at.offset, importing))
            importing = []
        if lines:
            apart = self.source.data[at.offset :].lstrip(b" \t")[:1] not in (b"\r", b"\n", b"")
            body = [*importing, *([""] if importing or at.after_import else []), *lines, *([""] if apart else [])]
            found.append(self._lines(at.offset, body))
        return found

    def _lines(self, at: int, lines: Sequence[str]) -> Splice:
        end = _line_end(self.source.data, at)
        return Splice(at, at, "".join(f"{line}{end}" for line in lines).encode(self.source.encoding))


def _lines(constants: Iterable[Constant]) -> tuple[str, ...]:
    """The statements of the new constants, those of one module in one import."""
    new, modules = list(dict.fromkeys(c for c in constants if c.statement and c.holder is None)), dict[str, list[str]]()
    for each in new:
        if each.module:
            modules.setdefault(each.module, []).append(each.statement.rpartition(" import ")[2])
    taken = [f"from {module} import {', '.join(names)}" for module, names in modules.items()]
    return (*taken, *(each.statement for each in new if not each.module))


def _needs(os: str, splices: Iterable[Splice], constants: Iterable[Constant]) -> bool:
    """Whether anything new says the module's name."""
    return any(c.statement and not c.module for c in constants) or any(f"{os}.".encode() in splice.new for splice in splices)


def _line_end(data: bytes, offset: int) -> str:
    """The line end that is used where new lines go."""
    before = data.rfind(b"\n", 0, offset)
    at = before if before >= 0 else data.find(b"\n", offset)
    return "\r\n" if at > 0 and data[at - 1 : at] == b"\r" else "\n"
