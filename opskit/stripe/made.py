"""Products and prices that the platform's own code makes in Stripe: what it is meant to sell, with amounts."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module as NodeModule
from opskit.survey.node.program import Program, entry
from opskit.survey.python.index import index_of
from opskit.survey.python.module import Module, argument

PYTHON = re.compile(r"(?:^|\.)(?:Price\.create|prices\.create)$")
PYTHON_PRODUCT = re.compile(r"(?:^|\.)(?:Product\.create|products\.create)$")
NODE = re.compile(r"\.prices\.create$")
NODE_PRODUCT = re.compile(r"\.products\.create$")


@dataclass(frozen=True, slots=True)
class MadePrice:
    """A call that makes a price with literal terms. `amount` in minor units; `product` the product's name, "" where it cannot be told."""

    product: str
    description: str
    amount: int
    currency: str
    interval: str
    place: Place


def made_in_code(tree: Tree) -> tuple[MadePrice, ...]:
    return tree.computed(_made)


def _made(tree: Tree) -> tuple[MadePrice, ...]:
    found = [price for module in index_of(tree).modules(b"Price.create", b"prices.create") for price in _python(module)]
    found += [price for module in tree.computed(Program).holding(b"prices.create") for price in _node(module)]
    return tuple(sorted(found, key=lambda p: p.place))


def _python(module: Module) -> Iterator[MadePrice]:
    for call in module.all(ast.Call):
        if PYTHON.search(ast.unparse(call.func)):
            params = _value(call, "params")
            amount = _literal(_value(call, "unit_amount", params))
            recurring, data = _value(call, "recurring", params), _value(call, "product_data", params)
            if isinstance(amount, int):
                name, told = _python_product(module, _value(call, "product", params), call)
                if isinstance(data, ast.Dict):
                    name = str(_literal(_under(data, "name")) or "")
                interval = _literal(_under(recurring, "interval")) if isinstance(recurring, ast.Dict) else ""
                currency = _literal(_value(call, "currency", params)) or "usd"
                yield MadePrice(name, told, amount, str(currency).lower(), str(interval or ""), module.place(call))


def _python_product(module: Module, node: ast.AST | None, at: ast.AST) -> tuple[str, str]:
    """(name, description) of the product behind `product.id`."""
    target = node.value if isinstance(node, ast.Attribute | ast.Subscript) else node
    if not isinstance(target, ast.Name):
        return "", ""
    for bound in module.lookup(target.id, at)[1]:
        if bound.how == "value" and isinstance(bound.node, ast.Call) and PYTHON_PRODUCT.search(ast.unparse(bound.node.func)):
            params = _value(bound.node, "params")
            told = _literal(_value(bound.node, "description", params))
            return str(_literal(_value(bound.node, "name", params)) or ""), str(told or "")
    return "", ""


def _value(call: ast.Call, name: str, params: ast.AST | None = None) -> ast.AST | None:
    return argument(call, -1, name) or (_under(params, name) if params is not None else None)


def _under(node: ast.AST | None, name: str) -> ast.AST | None:
    if not isinstance(node, ast.Dict):
        return None
    return next((v for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant) and k.value == name), None)


def _literal(node: ast.AST | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _node(module: NodeModule) -> Iterator[MadePrice]:
    source = module.source
    for call in source.found("call_expression"):
        if not NODE.search(source.text(call.child_by_field_name("function"))):
            continue
        given = _given(call)
        amount = source.text(entry(module, given, "unit_amount"))
        if amount.isdigit():
            name, told = _node_product(module, entry(module, given, "product"), call)
            data = entry(module, given, "product_data")
            name = source.string(entry(module, data, "name")) or name
            interval = source.string(entry(module, entry(module, given, "recurring"), "interval")) or ""
            currency = source.string(entry(module, given, "currency")) or "usd"
            yield MadePrice(name, told, int(amount), currency.lower(), interval, source.place(call))


def _node_product(module: NodeModule, node: Any, at: Any) -> tuple[str, str]:
    target = node.child_by_field_name("object") if node is not None and node.type == "member_expression" else node
    declared = module.names.find(module.source.text(target), at) if target is not None else None
    value = bare(declared.value) if declared and declared.value is not None else None
    if value is None or not NODE_PRODUCT.search(module.source.text(value.child_by_field_name("function"))):
        return "", ""
    given = _given(value)
    return module.source.string(entry(module, given, "name")) or "", module.source.string(entry(module, given, "description")) or ""


def _given(call: Any) -> Any:
    arguments = call.child_by_field_name("arguments")
    return next((child for child in arguments.named_children if child.type == "object"), None) if arguments is not None else None
