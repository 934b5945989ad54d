"""What an expression names, spelled one way however the file spells it.

`from http import server as s; s.HTTPServer` is "http.server.HTTPServer"; `app = Flask(__name__)` makes `app.run` the
name "flask.Flask().run"; the platform's own things are "path/file.py::name". "" where it cannot be told.
"""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import replace

from opskit.survey.python.index import Index, Outline
from opskit.survey.python.module import FUNCTIONS, Bound, Function, Module, defined_in

OWN = "::"
BUILTINS = frozenset(dir(builtins))
DEEPEST = 24


def defined(_: Index, module: Module) -> frozenset[str]:
    return defined_in(module.source.tree)


def name_of(index: Index, module: Module, node: ast.AST, depth: int = 0) -> str:
    names = module.names
    if node not in names:
        names[node] = ""
        names[node] = _name_of(index, module, node, depth + 1) if depth < DEEPEST else ""
    return names[node]


def _name_of(index: Index, module: Module, node: ast.AST, depth: int) -> str:
    if isinstance(node, ast.Name):
        return _of_name(index, module, node, depth)
    if isinstance(node, ast.Attribute):
        return _of_attribute(index, module, node, depth)
    if isinstance(node, ast.Call):
        return called(index, name_of(index, module, node.func, depth), depth)
    if isinstance(node, ast.Await):
        return name_of(index, module, node.value, depth)
    if isinstance(node, ast.BoolOp):
        return name_of(index, module, node.values[0], depth)
    return ""


def _of_name(index: Index, module: Module, node: ast.Name, depth: int) -> str:
    scope, bounds = module.lookup(node.id, node)
    imported = module.imports.get(node.id)
    if bounds and not (imported and scope is None):
        return _of_bounds(index, module, node.id, bounds, depth)
    if imported:
        return imported_name(index, module, *imported, depth)
    if node.id in module.functions or node.id in module.classes:
        return f"{module.path}{OWN}{node.id}"
    path = starred(index, module, node.id)
    return exported(index, path, node.id, depth) if path else _from_outside(index, module, node.id)


def _from_outside(index: Index, module: Module, name: str) -> str:
    """A name that nothing in the file binds and one `from library import *` must: `Flask` after `from flask import *`."""
    if name in BUILTINS or name.startswith("_"):
        return name
    outside = [dotted for dotted, level in module.stars if not level and not index.file_of(dotted, level, module.path)]
    if len(outside) > 1:
        outside = [dotted for dotted in outside if dotted.rpartition(".")[2] == name.lower()]
    return f"{outside[0]}.{name}" if len(outside) == 1 else name


def starred(index: Index, module: Module, name: str, depth: int = 0) -> str:
    """The platform's file whose `from x import *` brings a name into the module, "" where none does."""
    for dotted, level in module.stars if not name.startswith("_") and depth < DEEPEST else ():
        path = index.file_of(dotted, level, module.path)
        if not path or path == module.path:
            continue
        there = index.module(path)
        if (None, name) in there.bindings or name in there.functions or name in there.classes or name in there.imports:
            return path
        if far := starred(index, there, name, depth + 1):
            return far
    return ""


def _of_bounds(index: Index, module: Module, name: str, bounds: list[Bound], depth: int) -> str:
    for bound in bounds:
        if bound.how == "value" and (found := name_of(index, module, bound.node, depth)):
            return found
        if bound.how == "param" and isinstance(bound.node, FUNCTIONS):
            arguments = (*bound.node.args.posonlyargs, *bound.node.args.args, *bound.node.args.kwonlyargs)
            hint = next((a.annotation for a in arguments if a.arg == name), None)
            if hint is not None and (found := name_of(index, module, hint, depth)) and found not in ("str", "int", "float", "bool"):
                return f"{found}()"
    return ""


def _of_attribute(index: Index, module: Module, node: ast.Attribute, depth: int) -> str:
    if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls") and (owner := module.enclosing_class(node)):
        bounds = module.bindings.get((owner, f"self.{node.attr}")) or module.bindings.get((owner, node.attr))
        if bounds:
            return _of_bounds(index, module, node.attr, bounds, depth)
        return member(index, f"{module.path}{OWN}{owner.name}", node.attr, depth)
    base = name_of(index, module, node.value, depth)
    return member(index, base, node.attr, depth) if base else ""


def member(index: Index, base: str, attribute: str, depth: int = 0) -> str:
    """`base.attribute`; through a platform module or class to what stands there."""
    if base.endswith(OWN):
        return exported(index, base[: -len(OWN)], attribute, depth)
    if OWN not in base:
        return f"{base}.{attribute}"
    key = (base, attribute)
    if key not in index.members:
        index.members[key] = _member(index, base, attribute, depth)
    return index.members[key]


def _member(index: Index, base: str, attribute: str, depth: int) -> str:
    path, _, name = base.partition(OWN)
    owner = outline(index, path, name.removesuffix("()"))
    if owner is not None and depth < DEEPEST and attribute not in owner.methods:
        for found in filter(None, owner.bases):
            return member(index, f"{found}()" if name.endswith("()") else found, attribute, depth + 1)
    return f"{base}.{attribute}"


def outline(index: Index, path: str, name: str) -> Outline | None:
    """What stays known of a class at a file's top when the file's tree is gone; None where there is none by this name."""
    known = index.heads(path).get(name.encode())
    if known is False or (known is None and name not in index.kept(path, defined)):
        return None
    if path not in index.outlines:
        found = index.outlines[path] = {}
        module = index.module(path)
        for local, owner in module.classes.items():
            found[local] = Outline(frozenset(f.name for f in owner.body if isinstance(f, FUNCTIONS)), ())
        for local, owner in module.classes.items():
            found[local] = replace(found[local], bases=tuple(name_of(index, module, base) for base in owner.bases))
    return index.outlines[path].get(name)


def exported(index: Index, path: str, name: str, depth: int = 0) -> str:
    """What `name` at the top of a platform file stands for."""
    key = (path, name)
    if key not in index.exports:
        index.exports[key] = _exported(index, path, name, depth)
    return index.exports[key]


def _exported(index: Index, path: str, name: str, depth: int) -> str:
    if name.encode() in index.heads(path) or name in index.kept(path, defined):
        return f"{path}{OWN}{name}"
    module = index.module(path)
    if bounds := module.bindings.get((None, name)):
        return _of_bounds(index, module, name, bounds, depth) if depth < DEEPEST else ""
    if name in module.imports:
        return imported_name(index, module, *module.imports[name], depth + 1) if depth < DEEPEST else ""
    return f"{path}{OWN}{name}"


def imported_name(index: Index, module: Module, dotted: str, level: int, attribute: str, depth: int = 0) -> str:
    if attribute and (path := index.file_of(f"{dotted}.{attribute}".lstrip("."), level, module.path)):
        return f"{path}{OWN}"
    if path := index.file_of(dotted, level, module.path):
        return exported(index, path, attribute, depth) if attribute and path != module.path else f"{path}{OWN}{attribute}"
    return f"{dotted}.{attribute}" if attribute else dotted


def called(index: Index, function: str, depth: int = 0) -> str:
    """What calling `function` gives: what a platform function returns, an instance of a class ("name()") else."""
    if OWN not in function or function.endswith("()"):
        return f"{function}()" if function else ""
    if function not in index.calls:
        index.calls[function] = _called(index, function, depth)
    return index.calls[function]


def _called(index: Index, function: str, depth: int) -> str:
    path, _, name = function.partition(OWN)
    module = index.module(path)
    if (body := module.functions.get(name)) is not None:
        return returned(index, module, body, depth)
    return f"{function}()"


def returned(index: Index, module: Module, function: Function, depth: int = 0) -> str:
    for value in module.returns.get(function, ()):
        if found := name_of(index, module, value, depth):
            return found
    return ""


def class_names(index: Index, module: Module, owner: ast.ClassDef) -> tuple[str, ...]:
    """The class's ancestors outside the platform, nearest first."""
    here = f"{module.path}{OWN}{owner.name}"
    return tuple(found for base in owner.bases for found in _ancestors(index, here, name_of(index, module, base), 0))


def _ancestors(index: Index, child: str, name: str, depth: int) -> Iterator[str]:
    path, own, local = name.partition(OWN)
    above = outline(index, path, local) if own and depth < DEEPEST and name != child else None
    if above is not None:
        for base in above.bases:
            yield from _ancestors(index, name, base, depth + 1)
    elif name:
        yield name


def canonical(index: Index, function: str) -> str:
    """A platform class that extends a library's as the library's own ("x.py::Server" -> "http.server.HTTPServer")."""
    path, own, local = function.partition(OWN)
    owner = outline(index, path, local) if own else None
    ancestors = [found for base in owner.bases for found in _ancestors(index, function, base, 0)] if owner is not None else []
    return ancestors[-1] if ancestors else function
