"""Every read of an environment variable in the tree, Python and JavaScript."""

from opskit.core.tree import Tree
from opskit.survey.facts import EnvRead
from opskit.survey.node.reads import node_reads
from opskit.survey.python.reads import python_reads


def find_reads(tree: Tree) -> tuple[EnvRead, ...]:
    """Sorted by place, the same read once."""
    found = {*tree.computed(python_reads).reads, *node_reads(tree)}
    return tuple(sorted(found, key=lambda read: (read.place, read.name)))
