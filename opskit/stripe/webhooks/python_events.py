"""Python: the event types that a receiver asks for, by comparison, `match`, membership, a table or a prefix."""

import ast
from collections.abc import Iterable, Iterator

from opskit.stripe.webhooks.events import event_types, is_event, is_prefix
from opskit.stripe.webhooks.python_does import does
from opskit.stripe.webhooks.python_reach import Reach, named
from opskit.stripe.webhooks.receiver import Does, Handled, Mark
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module


def handled(index: Index, reached: Reach) -> tuple[tuple[Handled, ...], tuple[Mark, ...]]:
    """Each type once, the most that is done about it; types that Stripe does not have are marked."""
    found: dict[str, Handled] = {}
    marks = dict[str, Mark]()
    for module, text, node, done in _asked(index, reached):
        place = module.place(node)
        if not text.endswith("*") and text not in event_types():
            marks.setdefault(text, Mark("unknown type", place, text))
            continue
        before = found.get(text)
        if before is None or (before.does != "work" and done == "work"):
            found[text] = Handled(text, before.place if before else place, done)
    return tuple(sorted(found.values(), key=lambda h: h.place)), tuple(marks.values())


def _asked(index: Index, reached: Reach) -> Iterator[tuple[Module, str, ast.AST, Does]]:
    for module, node in reached.nodes():
        if isinstance(node, ast.Compare) and node.ops and isinstance(node.ops[0], ast.Eq | ast.In | ast.NotEq | ast.NotIn):
            yield from _compared(index, module, node)
        elif isinstance(node, ast.match_case):
            for pattern in ast.walk(node.pattern):
                if isinstance(pattern, ast.MatchValue):
                    for text in _texts([pattern.value]):
                        yield module, text, pattern.value, does(index, module, node.body)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                for text in _texts([key]):
                    if key is not None and _acts(index, module, value):
                        yield module, text, key, _given(index, module, value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and is_prefix(first.value):
                yield module, f"{first.value}*", first, _branch(index, module, node)


def _compared(index: Index, module: Module, node: ast.Compare) -> Iterator[tuple[Module, str, ast.AST, Does]]:
    right = node.comparators[0]
    if isinstance(right, ast.Name):
        _, bounds = module.lookup(right.id, right)
        right = bounds[0].node if len(bounds) == 1 and isinstance(bounds[0].node, ast.expr) else right
    parts = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else [node.left, right]
    negated = isinstance(node.ops[0], ast.NotEq | ast.NotIn)
    for part in parts:
        for text in _texts([part]):
            yield module, text, part, "work" if negated else _branch(index, module, node)


def _branch(index: Index, module: Module, test: ast.AST) -> Does:
    """What the `if` around a test does when it holds; of a test that is turned round the rest of the function is meant."""
    child = test
    for above in module.above(test):
        if isinstance(above, ast.If):
            return does(index, module, above.body) if above.test is child else "work"
        if isinstance(above, ast.stmt) or (isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.Not)):
            return "work"
        child = above
    return "work"


def _acts(index: Index, module: Module, value: ast.AST) -> bool:
    """Whether a table's value is something to call: tables of texts tell people about events."""
    return isinstance(value, ast.Lambda | ast.Attribute) or (isinstance(value, ast.Name) and named(index, module, value) is not None)


def _given(index: Index, module: Module, value: ast.AST) -> Does:
    if isinstance(value, ast.Lambda):
        return does(index, module, [value.body])
    own = named(index, module, value)
    return does(index, own[0], own[1].body) if own is not None else "work"


def _texts(nodes: Iterable[ast.AST | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value and is_event(node.value):
            yield node.value
