"""Which service an image is: whose Dockerfile it is, wherever that lies (docs.docker.com/reference/dockerfile)."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.built import builds
from opskit.ports.stated.identity import Homes
from opskit.source.dockerfile import Instruction, read_dockerfile, stage
from opskit.survey.compose import ComposeService, compose_services
from opskit.survey.starting import started

NAME = re.compile(r"(^|[./_-])(dockerfile|containerfile)([._-][\w.-]+)?$", re.I)
STENCILS = frozenset(("static", "template", "templates", "fixtures", "__fixtures__", "testdata", "skeleton", "scaffold", "boilerplate"))
MODES = frozenset("dockerfile containerfile dev development prod production test tests ci local staging debug base build builder".split())


def dockerfiles(tree: Tree) -> tuple[str, ...]:
    """Those of generators, which are copied out and built elsewhere, left out."""
    return tree.computed(_dockerfiles)


def _dockerfiles(tree: Tree) -> tuple[str, ...]:
    named = (path for path in tree.files if NAME.search(posixpath.basename(path)) and not path.endswith((".dockerignore", ".md")))
    return tuple(path for path in named if not STENCILS & set(path.split("/")))


def builders(tree: Tree, path: str) -> list[ComposeService]:
    """The compose services that are built from a Dockerfile; of several those that run what the image says, where any does."""
    found = [s for s in compose_services(tree) if s.file == path]
    return [s for s in found if not s.commanded] or [s for s in found if s.ports or s.targets or s.exposed] or found


def image_service(homes: Homes, path: str) -> str:
    """The compose service that is built from the Dockerfile; else the one that its name says (`Dockerfile.api`); the one that is built
    from its folder; the image that a command builds of it; whose file the image starts; the folder's (`docker/api/Dockerfile`);
    whose code alone it copies."""
    names = {homes.compose[s.name] for s in builders(homes.tree, path)}
    folder = posixpath.dirname(path)
    said = [w for w in re.split(r"[./_-]", posixpath.basename(path)) if w and w.lower() not in MODES]
    if len(names) == 1:
        return names.pop()
    if word := next((own for w in said if (own := w if w in homes.known else _glued(homes, w))), ""):
        return word
    if folder in homes.contexts:
        return homes.of(path)
    images = [image for image, _, file in builds(homes.tree) if file == path]
    if len(set(images)) == 1 and (own := homes.meant([images[0].rsplit("/", 1)[-1].partition(":")[0]])):
        return own
    instructions = list(stage(homes.tree.parsed(path, read_dockerfile) or ()))
    if entry := next((s.entry for s in started(homes.tree, command_of(instructions), folder or ".") if s.entry), ""):
        return homes.of(entry)
    if posixpath.basename(folder) in homes.known:
        return posixpath.basename(folder)
    return homes.of(path) if folder and folder in homes.inside else _copied(homes, path) or homes.of(path)


def _glued(homes: Homes, word: str) -> str:
    """The one service called so but for the word for what it is: `till` of `tillapp`."""
    pattern = re.compile(re.escape(word) + r"[-_]?(?:app|api|service|svc|server)", re.I)
    found = [name for name in homes.known if pattern.fullmatch(name)]
    return found[0] if len(found) == 1 else ""


def _copied(homes: Homes, path: str) -> str:
    """The one service of the platform whose folder the image copies from outside of the Dockerfile's own."""
    near, names = posixpath.dirname(path), set[str]()
    for source in sources(homes.tree, path):
        if source in homes.tree.folders and source not in (".", near) and (own := homes.own(source)) in homes.known:
            names.add(own)
    return names.pop() if len(names) == 1 else ""


def holders(homes: Homes, path: str, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    """The services of the images that hold what a Dockerfile copies: of several that compose builds those whose stage copies it."""
    instructions = homes.tree.parsed(path, read_dockerfile) or ()
    built = [s for s in compose_services(homes.tree) if s.file == path and s.target]
    found = {homes.compose[s.name] for s in built if any(map(wanted, sources(homes.tree, path, stage(instructions, s.target))))}
    return tuple(sorted(found)) if built else (image_service(homes, path),)


def sources(tree: Tree, path: str, instructions: Iterable[Instruction] | None = None) -> Iterator[str]:
    """What a Dockerfile copies out of the folder that its build sees, as paths of the tree: files and folders."""
    for each in instructions if instructions is not None else tree.parsed(path, read_dockerfile) or ():
        words = [w.strip("[]\"',") for w in each.text.split()] if each.name in ("COPY", "ADD") else []
        staged = any(w.startswith("--from=") for w in words)
        for word in [w for w in words if w and not w.startswith("--")][:-1]:
            if found := _inside(tree, word) if staged else _under(tree, contexts(tree, path), word):
                yield found


def _under(tree: Tree, roots: Iterable[str], word: str) -> str:
    paths = (posixpath.normpath(posixpath.join(root, word.lstrip("/"))) for root in roots)
    return next((p for p in paths if p in tree.known or p in tree.folders), "")


def _inside(tree: Tree, word: str) -> str:
    """The file that a path of an earlier stage's is: the longest end of it, of two parts at least, that the tree has."""
    parts = word.strip("/").split("/")
    return next((end for first in range(len(parts) - 1) if (end := "/".join(parts[first:])) in tree.known), "")


def contexts(tree: Tree, path: str) -> tuple[str, ...]:
    """The folders that a Dockerfile may be built in: those that compose or a command says, else its own, then the root."""
    said = [s.root for s in compose_services(tree) if s.file == path]
    said += [context for _, context, file in builds(tree) if file == path]
    return tuple(dict.fromkeys(said)) or tuple(dict.fromkeys((posixpath.dirname(path), "")))


def said(instructions: list[Instruction]) -> list[Instruction]:
    """CMD and ENTRYPOINT in the order of the file: the last of each counts."""
    found = {each.name: each for each in instructions if each.name in ("CMD", "ENTRYPOINT")}
    return sorted(found.values(), key=lambda each: each.start)


def command_of(instructions: list[Instruction]) -> str:
    """ENTRYPOINT and CMD as one line."""
    return " ".join(" ".join(each.words() or (each.text,)) for each in sorted(said(instructions), key=lambda e: e.name != "ENTRYPOINT"))


def started_inside(homes: Homes, path: str) -> str:
    """The service whose image's own command starts a script that lies beside its Dockerfile or that it copies, "" where none does."""
    name, folder = posixpath.basename(path), posixpath.dirname(path)
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
    for file in homes.tree.holding(dockerfiles(homes.tree), name.encode()):
        built = list(stage(homes.tree.parsed(file, read_dockerfile) or ()))
        near = posixpath.dirname(file) == folder or any(word.search(i.text) for i in built if i.name in ("COPY", "ADD"))
        if near and word.search(command_of(built)):
            return image_service(homes, file)
    return ""
