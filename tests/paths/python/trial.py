"""One module through the room: read, rewritten, run before and after."""

import contextlib
import ntpath
import os
import sys
from pathlib import Path

from opskit.core.change import Plan
from opskit.core.settle import settle
from opskit.core.tree import Tree
from opskit.paths.facts import How, Root
from opskit.paths.python.fix import rewrite
from opskit.paths.python.sightings import read
from opskit.source.proof import prove
from opskit.source.python import read_python

ROOTS = (
    Root("base", "BASE_DIR", "C:/Users/someone/the repo", "project", 9),
    Root("desktop", "DESKTOP_DIR", "C:/Users/someone/Desktop", "personal", 2),
)


class Alone(Tree):
    """A tree of files in memory."""

    def __init__(self, files):
        super().__init__(Path("/nowhere"))
        self.held = files

    @property
    def files(self):
        return tuple(self.held)

    def read(self, path):
        return self.held.get(path)

    def is_link(self, path):
        return False


def seen(data, path="a/mod.py"):
    return read(read_python(path, data))


def rewritten(data, path="a/mod.py", how=None, roots=ROOTS, others=None):
    """(the file's bytes afterwards, what was left with why)."""
    tree = Alone({path: data, **(others or {})})
    source = read_python(path, data)
    done = rewrite(tree, source, [s for s in read(source) if s.fix != "none"], roots, how or How())
    settled = settle(Plan(done.changes), tree.read, prove)
    assert not settled.dropped
    return (settled.rewrites[0].after if settled.rewrites else data), done.left


def ran(data, file, **environment):
    """What a module hands to `see` and `open`, as text."""
    found = []

    def opened(path, *_):
        found.append(path)
        return contextlib.nullcontext()

    before, sys_path = dict(os.environ), list(sys.path)
    os.environ.pop("BASE_DIR", None)
    os.environ.update(environment)
    try:
        exec(compile(data, file, "exec"), {"__name__": "__main__", "__file__": file, "see": found.append, "open": opened})
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.path[:] = sys_path
    return [str(each) for each in found]


def same(one, other):
    return ntpath.normcase(ntpath.normpath(one)) == ntpath.normcase(ntpath.normpath(other))
