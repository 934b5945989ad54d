"""Whose a file is: the service that loads it, the compose service that is built from its folder, else its project."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache

from opskit.core.tree import Tree
from opskit.ports.stated.built import bare_image, folders_of_images
from opskit.survey.compose import ComposeService, compose_services
from opskit.survey.naming import GENERIC, LAYOUT, kebab
from opskit.survey.starting import main_of
from opskit.survey.survey import Survey

PROJECTS = (
    "go.mod",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "package.json",
    "pyproject.toml",
    "requirements.txt",
    "Gemfile",
    "mix.exs",
    "Dockerfile",
)
MODULE = re.compile(rb"^module[ \t]+(\S+)", re.M)
CRATE = re.compile(rb"^\[package\][^\[]*?^name[ \t]*=[ \t]*[\"']([^\"']+)", re.M | re.S)
ARTIFACT = re.compile(rb"<artifactId>([\w.-]+)</artifactId>")
PARTS = re.compile(r"(?P<above>(?:[^/]+/)*?(?:cmd|services|apps|microservices|servers|svc|packages)/)(?P<name>[^/]+)/")
INNER = LAYOUT | {
    "main",
    "java",
    "kotlin",
    "resources",
    "cmd",
    "app",
    "conf",
    "config",
    "docker",
    "properties",
    "nginx",
    "deploy",
    "internal",
    "src-tauri",
}


KIND = re.compile(
    r"[-_](deployment|deploy|depl|dep|statefulset|sts|daemonset|ds|pod|service|svc|srv|cluster-?ip|node-?port|lb|load-?balancer|"
    r"external|internal|headless|rollout|app|server|v\d+)$"
)


def base_of(name: str) -> str:
    """`Order-Service`, `order_svc` and `order-depl` are `order`."""
    told = kebab(name)
    while (shorter := KIND.sub("", told)) != told and shorter:
        told = shorter
    return told.replace("-", "")


class Homes:
    """Names of services for files that no reader of Python or JavaScript made a service of."""

    def __init__(self, survey: Survey) -> None:
        self.tree = survey.tree
        self.loading: dict[str, str] = {}
        for service in survey.services:
            for path in service.closure if service.kind == "server" else ():
                self.loading.setdefault(path, service.name)
        for service in survey.services:
            if service.path:
                self.loading[service.path] = service.name
        self.variables = {s.path: tuple(b.variable for b in s.binds if b.variable) for s in survey.services if s.path}
        self.compose = compose_names(survey)
        self.known = frozenset((*(s.name for s in survey.services), *self.compose.values()))
        self.contexts = {folder: self.compose[name] for folder, name in _contexts(self.tree).items()}
        self.dotnet = frozenset(map(posixpath.dirname, self.tree.ending(".csproj", ".fsproj")))
        self.inside: dict[str, set[str]] = {}
        for service in survey.services:
            for folder in _above(service.path) if service.path and service.kind in ("server", "worker") else ():
                self.inside.setdefault(folder, set()).add(service.name)

    @cached_property
    def contained(self) -> dict[str, str]:
        """The compose service that a container's name (`container_name`) means."""
        return {s.container: self.compose.get(s.name, s.name) for s in compose_services(self.tree) if s.container}

    def of(self, path: str) -> str:
        """The service's name, never ""."""
        if path in self.loading:
            return self.loading[path]
        for folder in _above(path):
            if folder in self.contexts:
                return self.contexts[folder]
            if self._is_project(folder):
                return self._part(path, folder) or self._named(folder)
        return self._part(path, "") or self._named("")

    def launched(self, path: str) -> str:
        """The service that a launcher starts with a file: its own where one is known, else one called like the file, where the
        file says more than `main` or `app`."""
        stem = kebab(posixpath.splitext(posixpath.basename(path))[0])
        if path in self.loading or any(folder in self.contexts for folder in _above(path)):
            return self.of(path)
        return self._foldered(path) if stem in GENERIC else stem

    def _foldered(self, path: str) -> str:
        """`users/main.py` beside `orders/main.py` in one project: the folder that says more than `app`, below the project's own."""
        words = [part for part in posixpath.dirname(path).split("/") if part and part.lower() not in INNER | GENERIC]
        name = posixpath.basename(path)
        project = next((f"{folder}/" for folder in _above(path) if folder and self._is_project(folder)), "")
        alike = [p for p in self.tree.ending(f"/{name}") if p.startswith(project)]
        several = path in self.tree.known and len(alike) > 1 and words and not self._part(path, "")
        return kebab(words[-1]) if several and not name.startswith(("wsgi", "asgi", "manage")) else self.of(path)

    def meant(self, names: Iterable[str], images: Iterable[str] = ()) -> str:
        """The service that outside names mean: one that is called exactly so, one whose folder the image is built from, one
        that a name spells in another way (`order_svc`, `orders-depl`); "" where none is."""
        said = [name for name in names if name]
        if found := next((told for name in said if (told := self.spelled(name))), ""):
            return found
        for image in filter(None, map(bare_image, images)):
            if own := self.pictures.get(image, ""):
                return own
            folder = folders_of_images(self.tree).get(image)
            if folder and self._stands(folder) and (own := self.own(folder)):
                return own
        return next((told for name in said if (told := self.bases.get(base_of(name), ""))), "")

    def spelled(self, name: str) -> str:
        """The service of exactly this name, also where compose spells it otherwise; "" where none is."""
        told = self.compose.get(name, kebab(name))
        return told if told in self.known else ""

    @cached_property
    def pictures(self) -> dict[str, str]:
        """Images that one compose service alone builds under their name."""
        found: dict[str, set[str]] = {}
        for service in compose_services(self.tree):
            if service.context and (image := bare_image(service.image)):
                found.setdefault(image, set()).add(self.compose[service.name])
        return {image: next(iter(names)) for image, names in found.items() if len(names) == 1}

    def _stands(self, folder: str) -> bool:
        """Whether a folder, or one above it below the root, is a project's: one that holds several says nothing of any."""
        return any(each and (each in self.contexts or self._is_project(each)) for each in (folder, *_above(folder)))

    @cached_property
    def bases(self) -> dict[str, str]:
        """What each name says without its kind and its dashes, where one service alone says so."""
        often = Counter(map(base_of, self.known))
        return {base_of(name): name for name in self.known if often[base_of(name)] == 1}

    def _part(self, path: str, folder: str) -> str:
        """One of several programs of a project, by the folder that the layout gives it: `cmd/api`, `services/auth`."""
        prefix = f"{folder}/" if folder else ""
        found = PARTS.match(path[len(prefix) :])
        if found is None:
            return ""
        above = prefix + found["above"]
        others = {p[len(above) :].split("/")[0] for p in self.tree.files if p.startswith(above) and "/" in p[len(above) :]}
        return found["name"] if found["name"] in self.known or len(others) > 1 else ""

    def own(self, folder: str) -> str:
        """The service that stands in a folder alone."""
        return self.of(f"{folder}/x" if folder not in ("", ".") else "x")

    def _is_project(self, folder: str) -> bool:
        prefix = f"{folder}/" if folder else ""
        return folder in self.dotnet or any(prefix + name in self.tree.known for name in PROJECTS)

    def _named(self, folder: str) -> str:
        here = self.inside.get(folder, set())
        if len(here) == 1:
            return next(iter(here))
        words = [part for part in folder.split("/") if part]
        while words and words[-1].lower() in INNER:
            words.pop()
        own = words[-1] if words else _manifest_name(self.tree, folder) or posixpath.basename(folder)
        return own if own in self.known else kebab(own) if own else kebab(self.tree.root.name)


def _above(path: str) -> list[str]:
    """The folders that a path of the tree stands in, the nearest first, the root last; an absolute path is in none of them."""
    found, folder = [], posixpath.dirname(path) if not path.startswith("/") else ""
    while folder:
        found.append(folder)
        folder = posixpath.dirname(folder)
    return [*found, ""]


def _contexts(tree: Tree) -> dict[str, str]:
    """Build contexts that one compose service has alone, or that one of several opens a port from; the root is nobody's."""
    by_folder: dict[str, list[ComposeService]] = {}
    for service in compose_services(tree):
        if service.context and service.context not in (".", ""):
            by_folder.setdefault(service.context, []).append(service)
    found = _pictured(tree)
    for folder, services in by_folder.items():
        names = {s.name for s in services}
        opening = {s.name for s in services if s.ports or s.exposed or s.targets}
        chosen = names if len(names) == 1 else opening
        if len(chosen) == 1:
            found[folder] = next(iter(chosen))
    return found


def _pictured(tree: Tree) -> dict[str, str]:
    """Folders that a compose service's image is called after: `image: shop/till-api` and the project in `till-api/`, or in `api/`
    where the images share a first word."""
    folders = {posixpath.dirname(p) for p in tree.files if posixpath.basename(p) in PROJECTS}
    by_name: dict[str, list[str]] = {}
    for folder in filter(None, folders):
        by_name.setdefault(posixpath.basename(folder), []).append(folder)
    images = {re.sub(r":[^/]*$", "", s.image).rsplit("/", 1)[-1]: s.name for s in compose_services(tree) if s.image and not s.context}
    shared = Counter(image.partition("-")[0] for image in images)
    found: dict[str, str] = {}
    for image, name in images.items():
        prefix, _, rest = image.partition("-")
        word = rest if image not in by_name and shared[prefix] > 1 else image
        if len(by_name.get(word, ())) == 1 and (word == image or rest not in images):
            found.setdefault(by_name[word][0], name)
    return found


def _manifest_name(tree: Tree, folder: str) -> str:
    prefix = f"{folder}/" if folder else ""
    for name, pattern in (("go.mod", MODULE), ("Cargo.toml", CRATE), ("pom.xml", ARTIFACT)):
        data = tree.read(prefix + name) if prefix + name in tree.known else None
        found = pattern.search(re.sub(rb"<parent>.*?</parent>", b"", data, flags=re.S)) if data else None
        if found:
            return re.sub(r"/v\d+$", "", found[1].decode("utf-8", "replace")).rsplit("/", 1)[-1]
    return ""


def compose_names(survey: Survey) -> dict[str, str]:
    """What a compose file calls a service, with the platform's own name for it: by the port that it publishes, by the file that it
    starts, else by the spelling alone."""
    by_place = {(b.place.path, b.place.start): s.name for s in survey.services for b in s.binds if b.framework == "compose"}
    by_entry: dict[str, list[str]] = {}
    for known in survey.services:
        by_entry.setdefault(known.path, []).append(known.name)
    found: dict[str, str] = {}
    started: dict[str, str] = {}
    for service in compose_services(survey.tree):
        first = main_of(list(service.starts))
        if published := next((n for b in service.ports if (n := by_place.get((b.place.path, b.place.start)))), ""):
            found.setdefault(service.name, published)
        elif first and first.entry and (names := by_entry.get(first.entry)):
            started.setdefault(service.name, kebab(service.name) if kebab(service.name) in names else names[0])
    found = {**started, **found}
    return {s.name: found.get(s.name, kebab(s.name)) for s in compose_services(survey.tree)}


@lru_cache(maxsize=4)
def homes_of(survey: Survey) -> Homes:
    return Homes(survey)
