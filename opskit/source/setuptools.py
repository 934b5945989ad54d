"""Python packages declared for setuptools: setup.cfg, and the literal lists of setup.py, which is read and never run."""

import ast
import configparser
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from opskit.core.place import Lines, Place
from opskit.source.python import PythonSource, read_python
from opskit.source.requirements import Declaration, Requirement, required


def read_setup_cfg(path: str, data: bytes) -> Declaration:
    """[options] install_requires and [options.extras_require]. Never raises."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(data.decode("utf-8-sig", "replace"))
    except configparser.Error as error:
        return Declaration(path, error=f"is not an INI file: {str(error).partition(chr(10))[0]}")
    lines = Lines(data)
    listed = [("", parser.get("options", "install_requires", fallback=""))]
    if parser.has_section("options.extras_require"):
        listed += parser.items("options.extras_require")
    found = [
        required(line, _place(path, data, lines, line), group)
        for group, text in listed
        for line in map(str.strip, text.splitlines())
        if line and not line.startswith(("#", "file:"))
    ]
    return Declaration(path, tuple(found), project=canonicalize_name(parser.get("metadata", "name", fallback="")))


def _place(path: str, data: bytes, lines: Lines, text: str) -> Place:
    at = data.find(text.encode())
    return lines.place(path, at, at + len(text.encode())) if at >= 0 else Place(path)


def read_setup_py(path: str, data: bytes) -> Declaration:
    """install_requires and extras_require where they are literals, also through a name. Never raises, never runs it."""
    source = read_python(path, data)
    if source.tree is None:
        return Declaration(path, error=source.error)
    names = {t.id: n.value for n in source.nodes if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    found, project = list[Requirement](), ""
    for call in (n for n in source.nodes if isinstance(n, ast.Call)):
        for keyword in call.keywords:
            value = names.get(keyword.value.id, keyword.value) if isinstance(keyword.value, ast.Name) else keyword.value
            if keyword.arg == "install_requires":
                found += _listed(source, value, "")
            elif keyword.arg == "extras_require" and isinstance(value, ast.Dict):
                for key, extra in zip(value.keys, value.values, strict=True):
                    found += _listed(source, extra, str(key.value) if isinstance(key, ast.Constant) else "extra")
            elif keyword.arg == "name" and isinstance(value, ast.Constant) and _named(call, "setup"):
                project = canonicalize_name(str(value.value))
    return Declaration(path, tuple(found), project=project)


def _named(call: ast.Call, name: str) -> bool:
    return (isinstance(call.func, ast.Name) and call.func.id == name) or (isinstance(call.func, ast.Attribute) and call.func.attr == name)


def _listed(source: PythonSource, node: ast.expr, group: str) -> Iterator[Requirement]:
    for item in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield required(item.value, source.place(item), group)
