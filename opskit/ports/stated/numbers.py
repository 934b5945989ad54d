"""Digits of documents: a scalar that is a port, with the bytes of the number alone."""

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.source.located import Located


def port_in(text: str) -> int | None:
    """The number of a text that is nothing but a port."""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 65536 else None


def number(node: Located | None) -> int | None:
    """A scalar that is a port, quoted or not."""
    return port_in(node.raw) if node is not None and node.items is None and node.parts is None else None


def digits(tree: Tree, path: str, node: Located) -> Place:
    return tree.place(path, *node.inner())
