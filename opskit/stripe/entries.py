"""Tables of plans in code, `{"pro": {"price": 29, "price_id": os.environ[...]}}`: each entry's own fields, in Python and JavaScript."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.stripe.sightings import TESTS
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module as NodeModule
from opskit.survey.node.program import Program
from opskit.survey.node.values import Evaluator
from opskit.survey.python.index import Index, index_of
from opskit.survey.python.module import Module
from opskit.survey.python.values import Evaluation

if TYPE_CHECKING:
    from opskit.source.javascript import Node

CLUES = (b"stripe", b"Stripe", b"STRIPE")
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` is what the table has it under, "" in a list. `fields` are numbers and strings as their text, `variables` those that come
    from the environment; `quoted` names the fields that are strings."""

    key: str
    fields: Mapping[str, str]
    variables: Mapping[str, str]
    quoted: frozenset[str]
    place: Place


def entries(tree: Tree) -> tuple[Entry, ...]:
    """In files that name Stripe and are no tests, in their order."""
    return tree.computed(_entries)


def _entries(tree: Tree) -> tuple[Entry, ...]:
    index, program = index_of(tree), tree.computed(Program)
    found = [entry for module in index.modules(*CLUES) if not TESTS.search(module.path) for entry in _python(index, module)]
    for each in program.holding(*CLUES):
        if not TESTS.search(each.source.path):
            found += _node(Evaluator(program), each)
    return tuple(sorted(found, key=lambda entry: entry.place))


def _python(index: Index, module: Module) -> Iterator[Entry]:
    for table in module.all(ast.Dict):
        above = module.source.parents.get(table)
        if isinstance(above, ast.Dict):
            key = next((k.value for k, v in zip(above.keys, above.values, strict=True) if v is table and isinstance(k, ast.Constant)), "")
        elif isinstance(above, ast.List | ast.Tuple):
            key = ""
        else:
            continue
        fields, variables, quoted = dict[str, str](), dict[str, str](), set[str]()
        for name, value in zip(table.keys, table.values, strict=True):
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                literal = _literal(value)
                if literal is not None:
                    fields[name.value] = literal
                    quoted |= {name.value} if isinstance(value, ast.Constant) and isinstance(value.value, str) else set()
                elif (known := Evaluation(index, module)(value)) is not None and known.variable:
                    variables[name.value] = known.variable
        yield Entry(str(key), fields, variables, frozenset(quoted), module.place(table))


def _literal(node: ast.expr) -> str | None:
    """A number or a string; `Decimal("29.00")` is a number."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Decimal" and len(node.args) == 1:
        node = node.args[0]
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float) and not isinstance(node.value, bool):
        return str(node.value)
    return None


def _node(evaluator: Evaluator, module: NodeModule) -> Iterator[Entry]:
    for declared in module.source.found("variable_declarator"):
        yield from _within(evaluator, module, bare(declared.child_by_field_name("value")), "", 0)


def _within(evaluator: Evaluator, module: NodeModule, node: "Node | None", key: str, depth: int) -> Iterator[Entry]:
    if node is None or depth > DEEPEST:
        return
    if node.type == "array":
        for child in node.named_children:
            yield from _within(evaluator, module, bare(child), "", depth + 1)
    elif node.type == "object":
        pairs = [(name, value) for child in node.named_children if child.type == "pair" for name, value in (_pair(module, child),)]
        if depth:
            yield _object(evaluator, module, node, key, pairs)
        for name, value in pairs:
            yield from _within(evaluator, module, value, name, depth + 1)


def _pair(module: NodeModule, pair: "Node") -> "tuple[str, Node | None]":
    name = pair.child_by_field_name("key")
    return module.source.string(name) or module.source.text(name), bare(pair.child_by_field_name("value"))


def _object(evaluator: Evaluator, module: NodeModule, node: "Node", key: str, pairs: "list[tuple[str, Node | None]]") -> Entry:
    fields, variables, quoted = dict[str, str](), dict[str, str](), set[str]()
    for name, value in pairs:
        text = module.source.string(value)
        if text is not None:
            fields[name] = text
            quoted.add(name)
        elif value is not None and value.type == "number":
            fields[name] = module.source.text(value)
        elif value is not None and value.type not in ("object", "array") and (known := evaluator.value(module, value)) and known.variable:
            variables[name] = known.variable
    return Entry(key, fields, variables, frozenset(quoted), module.source.place(node))
