"""Every read of an environment variable in the tree, Python and JavaScript."""

from opskit.core.tree import Tree
from opskit.survey.facts import EnvRead
from opskit.survey.python.index import index_of
from opskit.survey.python.reads import python_reads


def find_reads(tree: Tree) -> tuple[EnvRead, ...]:
    """Sorted by place."""
    return tuple(sorted(python_reads(index_of(tree))[0], key=lambda read: read.place))
