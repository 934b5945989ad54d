"""Services that JavaScript and TypeScript show: servers, and the functions of a platform that runs them."""

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.survey.facts import Service
from opskit.survey.node.functions import functions
from opskit.survey.node.reads import reads_unresolved


def node_services(tree: Tree) -> tuple[Service, ...]:
    """Sorted by path."""
    return tuple(sorted(functions(tree), key=lambda s: s.path))


def node_unresolved(tree: Tree) -> tuple[Unresolved, ...]:
    """What was seen and not understood."""
    return reads_unresolved(tree)
