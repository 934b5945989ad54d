"""Who runs with a configuration file: the container that mounts or copies it, else a service that runs such a program on this machine."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Sequence

from opskit.core.tree import Tree
from opskit.ports.stated.built import bare_image
from opskit.ports.stated.dockerfiles import dockerfiles, holders, image_service, sources
from opskit.ports.stated.identity import Homes
from opskit.source.dockerfile import base, read_dockerfile
from opskit.source.yaml_text import read_yaml
from opskit.survey.compose import compose_services
from opskit.survey.composition import projects

COPIED = re.compile(rb"^(?:COPY|ADD)\b(?P<words>[^\n]*)", re.M | re.I)
FRONTS = ("proxy", "gateway", "reverse-proxy", "edge", "load-balancer", "loadbalancer", "lb")


def runner(homes: Homes, path: str, programs: Sequence[str]) -> tuple[tuple[str, ...], str, bool]:
    """(the services that run with a file, the Dockerfile that copies it or "", whether that is inside of a container). `programs` are
    the names of images that read such files; the first is what the service is called where nobody else is it."""
    image, mounted = _image(homes.tree, path), _mounted(homes, path)
    if mounted:
        return (mounted,), image, True
    if image:
        return holders(homes, image, lambda source: _holds(source, path)) or (image_service(homes, image),), image, True
    return (_own(homes, path, programs),), "", False


def _mounts(tree: Tree) -> dict[str, str]:
    """Files and folders that compose files mount, with the service that they are mounted into, as compose calls it."""
    found: dict[str, str] = {}
    for path in projects(tree):
        document = tree.parsed(path, read_yaml)
        for name, body in document.table("services").items() if document else ():
            for item in body.list("volumes"):
                host = item.text("source") if item.items is not None else item.raw.partition(":")[0]
                if host.startswith("."):
                    own = posixpath.normpath(posixpath.join(posixpath.dirname(path), host))
                    found.setdefault(own, name)
    return found


def _mounted(homes: Homes, path: str) -> str:
    """Into which service; a mount of the whole tree tells nothing."""
    mounts = homes.tree.computed(_mounts)
    while path:
        if path in mounts:
            return homes.compose.get(mounts[path], mounts[path])
        path = posixpath.dirname(path)
    return ""


def _own(homes: Homes, path: str, programs: Sequence[str]) -> str:
    """The compose service that a configuration is named after or lies beside, the one that runs such an image, else the program itself."""
    words = path.lower().split("/")
    named = [name for name in homes.known if name.lower() in words or name.lower() == words[-1].partition(".")[0]]
    if len(named) == 1:
        return named[0]
    running = {homes.compose[s.name] for s in compose_services(homes.tree) if _based(homes.tree, s.image, s.file) & set(programs)}
    fronts = [name for name in (programs[0], *FRONTS) if name in homes.known]
    return running.pop() if len(running) == 1 else fronts[0] if fronts else programs[0]


def _based(tree: Tree, image: str, file: str) -> set[str]:
    """The image's own name, and that of what its Dockerfile goes on from."""
    instructions = (tree.parsed(file, read_dockerfile) or ()) if file else ()
    return {bare_image(name) for name in (image, base(instructions)) if name}


def _image(tree: Tree, path: str) -> str:
    """The Dockerfile that copies the file, or the folder that it lies in, out of where it is built; else one at or above the file whose
    words say so."""
    if exact := [file for file in dockerfiles(tree) if any(_holds(source, path) for source in tree.computed(_sources)[file])]:
        return exact[0]
    folder, name = posixpath.dirname(path), posixpath.basename(path)
    while True:
        for file in tree.computed(_by_folder).get(folder, ()):
            for words in (match[1].decode("utf-8", "replace").split()[:-1] for match in COPIED.finditer(tree.read(file) or b"")):
                if any(_copies(word, path, name) for word in words):
                    return file
        if not folder:
            return ""
        folder = posixpath.dirname(folder)


def _by_folder(tree: Tree) -> dict[str, list[str]]:
    """Files that are called like a Dockerfile in any way."""
    found = defaultdict[str, list[str]](list)
    for path in tree.files:
        if "dockerfile" in posixpath.basename(path).lower():
            found[posixpath.dirname(path)].append(path)
    return found


def _sources(tree: Tree) -> dict[str, list[str]]:
    return {file: list(sources(tree, file)) for file in dockerfiles(tree)}


def _holds(source: str, path: str) -> bool:
    """Whether what is copied is the file, or the folder right above it; a copy of a whole project says nothing of one file."""
    return source == path or (source not in ("", ".") and source == posixpath.dirname(path))


def _copies(word: str, path: str, name: str) -> bool:
    source = posixpath.normpath(word.strip("[]\"',")).lstrip("/")
    return name in source or (source not in (".", "..") and f"/{source}/" in f"/{path}")
