"""package.json scripts: what each starts, and which of them mean one and the same service in several modes."""

import posixpath
from dataclasses import dataclass

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.source.json_text import read_json
from opskit.source.located import Located
from opskit.survey.runners import Started
from opskit.survey.starting import started

RANKS = ("start", "serve", "server", "dev", "develop", "start:dev", "dev:server", "start:prod", "start:server", "preview")
DEVELOPMENT = ("dev", "develop", "start", "serve", "server", "start:dev", "dev:server", "preview")
TOOLS = (
    "test",
    "e2e",
    "lint",
    "build",
    "cypress",
    "bench",
    "deploy",
    "release",
    "pre",
    "post",
    "ci",
    "coverage",
    "debug",
)
ASIDE = ("storybook", "docs", "mock")


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """One script that starts something; `place` is its text inside the quotes, `folder` its package's;
    `alone` that the script starts nothing else."""

    name: str
    package: str
    folder: str
    text: str
    place: Place
    starts: Started
    alone: bool = True


def package_files(tree: Tree) -> list[str]:
    return [p for p in tree.ending("package.json") if posixpath.basename(p) == "package.json"]


def package_of(tree: Tree, path: str) -> str:
    """The nearest package.json above a file, "" where there is none."""
    folder = posixpath.dirname(path)
    while folder and f"{folder}/package.json" not in tree.known:
        folder = posixpath.dirname(folder)
    found = posixpath.join(folder, "package.json")
    return found if found in tree.known else ""


def package_name(tree: Tree, manifest: str) -> str:
    """Its name without a scope."""
    document = tree.parsed(manifest, read_json)
    return (document.text("name") if document else "").rpartition("/")[2]


def package_scripts(tree: Tree) -> list[Script]:
    """Scripts that start a server or a file, tests and tools left out, in the order of the files; of those for documentation, stories
    and mocks only what is a server by itself."""
    found = []
    for path in package_files(tree):
        document = tree.parsed(path, read_json)
        for name, script in document.table("scripts").items() if document else ():
            if not name.lower().startswith(TOOLS) and not any(f":{tool}" in name.lower() for tool in TOOLS):
                aside = name.lower().startswith(ASIDE) or any(f":{word}" in name.lower() for word in ASIDE)
                found += [s for s in _scripts(tree, path, document, name, script) if not aside or s.starts.kind == "server"]
    return found


def _scripts(tree: Tree, path: str, document: Located | None, name: str, script: Located) -> list[Script]:
    folder = posixpath.dirname(path) or "."
    start, end = script.inner()
    place = tree.place(path, start, end)
    title = (document.text("name") if document else "") or posixpath.basename(folder)
    starts = started(tree, script.raw, folder)
    return [Script(name, title, folder, script.raw, place, s, len(starts) == 1) for s in starts]


def rank(script: Script) -> tuple[bool, bool, bool, int]:
    """Which script speaks for a service: one that starts it alone, from its own folder; a framework and TypeScript are
    started for development, a plain program by `start`."""
    plain = script.starts.framework == "node" and not script.starts.entry.endswith(("ts", "tsx"))
    order = RANKS if plain else DEVELOPMENT
    watched = plain or script.name.startswith(("dev", "watch"))
    place = order.index(script.name) if script.name in order else len(order)
    return not script.alone, script.folder != script.starts.command.cwd, not watched, place
