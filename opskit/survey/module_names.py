"""Which of the platform's files a dotted module name on a command line means."""

import re
from dataclasses import dataclass
from posixpath import join, normpath

from opskit.core.tree import Tree

APP = re.compile(r"([A-Za-z_][\w.]*)(:[\w.()]+)?\Z")
SERVED, RUN = (".py", "/__init__.py", "/__main__.py"), (".py", "/__main__.py")


@dataclass(frozen=True, slots=True)
class Meant:
    """`path` is the one file; `folder` the one that must be on Python's path, "" where the command's own does; `several`
    are the candidates where more than one is as likely."""

    path: str = ""
    folder: str = ""
    several: tuple[str, ...] = ()


def meant(tree: Tree, base: str, text: str, run: bool = False, anywhere: bool = True) -> Meant:
    """The file for `pkg.mod:app`, `pkg/mod.py` or `pkg`; `run` as `python -m` takes it (a package by its `__main__`).

    Looked for in `base` and its `src`, then (`anywhere`) in every folder that could be on Python's path because it is no
    package itself: what installing the platform's own packages, or PYTHONPATH, makes importable; Django's `wsgi`
    and `asgi` where none has them in the one package folder that does (a project's folder with an `__init__.py` too many).
    """
    path = normpath(join(base, text))
    if text.endswith(".py"):
        return Meant(path if path in tree.known else "")
    match = APP.match(text)
    if match is None:
        return Meant()
    stem = match[1].replace(".", "/")
    endings = tuple(stem + ending for ending in (RUN if run else SERVED))
    for folder in (base, join(base, "src")):
        for ending in endings:
            if (found := normpath(join(folder, ending))) in tree.known:
                return Meant(found, "" if folder == base else normpath(folder))
    return _elsewhere(tree, normpath(base), endings, stem.endswith(("/wsgi", "/asgi"))) if anywhere else Meant()


def _elsewhere(tree: Tree, base: str, endings: tuple[str, ...], django: bool) -> Meant:
    found: dict[str, str] = {}
    packages: dict[str, str] = {}
    for path in tree.ending(*(ending.lower() for ending in endings)):
        folder = next((normpath(f"./{path[: -len(e)]}") for e in endings if f"/{path}".endswith(f"/{e}")), "")
        if folder and not tree.is_link(path):
            (packages if f"{folder}/__init__.py" in tree.known else found).setdefault(folder, path)
    inside = {f: p for f, p in found.items() if base == "." or f.startswith(f"{base}/")}
    for choice in (inside, found, packages if django and not found else {}):
        if len(choice) == 1:
            ((folder, path),) = choice.items()
            return Meant(path, folder)
    return Meant(several=tuple(sorted(found.values())))
