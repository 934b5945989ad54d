"""Servers of Python files that do not parse (Python 2, a half-merged file), by the common forms of their text: told, never edited."""

import posixpath
import re
from collections.abc import Iterator

from opskit.ports.stated.facts import Stated
from opskit.ports.stated.forms import TESTS
from opskit.survey.naming import kebab
from opskit.survey.python.index import index_of
from opskit.survey.survey import Survey

RUN = re.compile(rb"^[ \t]*(?:\w+\.)+run\((?P<before>[^()\n]*?)\bport[ \t]*=[ \t]*(?P<port>\d{2,5})\b(?P<after>[^()\n]*)\)", re.M)
HOST = re.compile(rb"\bhost[ \t]*=[ \t]*['\"]([^'\"]*)['\"]")


def stated(survey: Survey) -> Iterator[Stated]:
    index, tree = index_of(survey.tree), survey.tree
    for path in index.paths_holding(b".run("):
        if TESTS.search(path) or not index.error(path)[0]:
            continue
        for match in RUN.finditer(tree.read(path) or b""):
            host = HOST.search(match["before"] + b" " + match["after"])
            stem = posixpath.basename(path).removesuffix(".py")
            name = posixpath.basename(posixpath.dirname(path)) if stem in ("app", "main", "server", "run", "wsgi", "__init__") else stem
            if 0 < int(match["port"]) < 65536:
                yield Stated(
                    tree.place(path, *match.span("port")),
                    int(match["port"]),
                    "bind",
                    kebab(name or stem),
                    "machine",
                    "python",
                    "tcp",
                    "low",
                    ("the file does not parse",),
                    host[1].decode("utf-8", "replace") if host else "127.0.0.1",
                )
