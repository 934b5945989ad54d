"""From chosen sightings of one file to its edits: only what its proof lets through. Pure."""

import ast
from collections.abc import Iterable, Sequence

from opskit.core.change import FileEdit
from opskit.core.tree import Tree
from opskit.paths import grammar
from opskit.paths.facts import How, Rewritten, Root, Sighting
from opskit.paths.python import proof
from opskit.paths.python.callee import COPIES, Callees
from opskit.paths.python.context import Contexts
from opskit.paths.python.draft import Draft, Drafter, Failed
from opskit.paths.python.flow import Flows
from opskit.paths.python.header import Refused
from opskit.paths.python.literals import string_nodes
from opskit.paths.python.scope import Scopes
from opskit.paths.python.share import Share, meant
from opskit.paths.python.sightings import unreadable
from opskit.paths.python.work import Work, prepare
from opskit.source.python import PythonSource, read_python

CYCLIC = "it would copy the repository into itself, where nothing sets the variable: name a folder outside by hand"
ALONE = Share()
Left = tuple[Sighting, str]


def rewrite(tree: Tree, source: PythonSource, chosen: Sequence[Sighting], roots: Sequence[Root], how: How,
            share: Share = ALONE) -> Rewritten:
    """Edits of one group a file. What cannot be rewritten, or fails its proof, is in `left` with the reason. `share` tells what the
    file may import instead of a constant of its own."""
    if reason := unreadable(source) or ("a link to another file" if tree.is_link(source.path) else ""):
        return Rewritten((), [(sighting, reason) for sighting in chosen])
    return _File(tree, source, roots, how, share).rewritten(chosen)


class _File:
    def __init__(self, tree: Tree, source: PythonSource, roots: Sequence[Root], how: How, share: Share) -> None:
        self.source, self.roots, self.how, self.share = source, roots, how, share
        self.callees, self.scopes = Callees(source), Scopes(source)
        self.drafter = Drafter(tree, source, self.scopes, Flows(source, self.callees), how, share)

    def rewritten(self, chosen: Sequence[Sighting]) -> Rewritten:
        works, left = self._prepared(chosen)
        cyclic = self._into_itself(works) if self.how.default == "repo" else []
        left += [(work.sighting, CYCLIC) for work in cyclic]
        works = [work for work in works if work not in cyclic]
        while works:
            draft, failed = self._tried(works)
            if draft is not None and not failed:
                taken = dict.fromkeys(c.root.variable for c in draft.constants.values() if c.module)
                return Rewritten(tuple(self._edits(draft, tuple(taken))), left, tuple(taken))
            left += [(work.sighting, reason) for work, reason in failed.items()]
            works = [work for work in works if work not in failed]
        return Rewritten((), left)

    def _prepared(self, chosen: Sequence[Sighting]) -> tuple[list[Work], list[Left]]:
        nodes = {self.source.span(node): node for node in string_nodes(self.source)}
        contexts, works, left = Contexts(self.source, self.callees), list[Work](), list[Left]()
        for sighting in chosen:
            node, owned = nodes.get((sighting.place.start, sighting.place.end)), grammar.owner(sighting.value, self.roots)
            if sighting.fix == "none" or node is None:
                left.append((sighting, sighting.reason or "no literal of its own"))
            elif owned is None:
                left.append((sighting, "it hangs on no known root"))
            else:
                try:
                    works.append(prepare(self.source, sighting, node, contexts.of(node), *owned))
                except Refused as refused:
                    left.append((sighting, str(refused)))
        return works, left

    def _into_itself(self, works: Sequence[Work]) -> list[Work]:
        """The whole repository and a folder that would lie below it, in one call that copies."""
        calls = {work: self._copy(work.node) for work in works}
        whole = {call for work, call in calls.items() if call is not None and work.root.kind == "project" and not work.tail}
        cyclic = {call for work, call in calls.items() if call in whole and work.root.kind != "project"}
        return [work for work, call in calls.items() if call in cyclic]

    def _copy(self, node: ast.AST) -> ast.AST | None:
        """The call that copies or moves whole folders, which a literal stands in."""
        above: ast.AST | None = node
        while above is not None and not isinstance(above, ast.stmt):
            if isinstance(above, ast.Call) and self.callees.dotted(above.func).rpartition(".")[2] in COPIES:
                return above
            above = self.source.parents.get(above)
        return None

    def _tried(self, works: Sequence[Work]) -> tuple[Draft | None, dict[Work, str]]:
        """A draft, and the works that must fall out of it with why."""
        try:
            draft = self.drafter.draft(works)
        except Refused as refused:
            return None, dict.fromkeys(works, str(refused))
        except Failed as failure:
            return None, {failure.work: failure.reason}
        return draft, self._unproved(works, draft)

    def _unproved(self, works: Sequence[Work], draft: Draft) -> dict[Work, str]:
        after = read_python(self.source.path, draft.data)
        if reason := proof.of_module(self.source, after, draft.splices):
            return dict.fromkeys(works, reason)
        scopes, callees = Scopes(after), Callees(after)
        names = {constant.name for constant in draft.constants.values()}
        if reason := proof.of_names(self.scopes, scopes, draft.os, names) or self._constants(scopes, callees, draft):
            return dict.fromkeys(works, reason)
        spans = {after.span(node): node for node in reversed(after.nodes) if isinstance(node, ast.expr)}
        failed = dict[Work, str]()
        for work in works:
            constant = draft.constants[work]
            if work is constant.holder:
                continue
            start, end = _moved(self.source.span(work.judged), work, draft)
            node = spans.get((start, end)) or spans.get((start + 1, end - 1))
            if node is None:
                failed[work] = "it would not stand where it stood"
            elif reason := proof.of_work(work, self.callees, node, callees, scopes, draft.os, constant.name):
                failed[work] = reason
        return failed

    def _constants(self, scopes: Scopes, callees: Callees, draft: Draft) -> str:
        for constant in dict.fromkeys(draft.constants.values()):
            bound = scopes.of_module(constant.name)[0].node
            if isinstance(bound, ast.ImportFrom):
                if constant.is_new and meant(self.source.path, bound) != self.share.path:
                    return f"{constant.name} would come from another module"
                continue
            statement = scopes.parents[bound]
            if not isinstance(statement, ast.Assign):
                return f"{constant.name} is not assigned"
            if constant.is_new:
                root = constant.root
                if reason := proof.of_constant(statement.value, callees, self.source.path, root.prefix, root.home, constant.project):
                    return reason
        return ""

    def _edits(self, draft: Draft, taken: Sequence[str]) -> Iterable[FileEdit]:
        told = f"the folder from {self.share.path}" if taken else "the variable of the folder"
        told += f", its own: {self.share.own}" if self.share.own else ""
        group = self.share.group if taken else f"paths:{self.source.path}"
        for splice in draft.splices:
            owner = draft.owners.get(splice)
            why = f"{draft.constants[owner].name} instead of one machine's folder" if owner else told
            old = self.source.data[splice.start : splice.end]
            yield FileEdit(self.source.path, splice.start, splice.end, old, splice.new, why, group)


def _moved(span: tuple[int, int], work: Work, draft: Draft) -> tuple[int, int]:
    """Where a span of the old file lies in the new one; what its own work puts at its edges is part of it, a space between words is not."""
    start, end = span
    before = after = grown = 0
    for splice in draft.splices:
        delta, own = len(splice.new) - (splice.end - splice.start), draft.owners.get(splice) is work
        if splice.end <= start and not own:
            before += delta
        elif splice.start >= start and splice.end <= end:
            grown += delta
            before += own and splice.start == start and splice.new.startswith(b" ")
            after += own and splice.end == end and splice.new.endswith(b" ")
            grown -= own and splice.start == start and splice.new.startswith(b" ")
    return start + before, end + before + grown - after
