"""Which folder an image is built from: compose, skaffold.yaml (skaffold.dev/docs/references/yaml), `docker build` in scripts and
workflows (docs.docker.com/reference/cli/docker/buildx/build), docker/build-push-action, bake files; else the folder or package of
its name."""

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from opskit.core.tree import Tree
from opskit.source.located import Located
from opskit.source.yaml_documents import documents
from opskit.source.yaml_text import read_yaml
from opskit.survey.compose import compose_services
from opskit.survey.packages import package_files, package_name

BUILD = re.compile(rb"\b(?:docker|podman|nerdctl)\s+(?:buildx\s+)?(?:image\s+)?build\b(?P<words>(?:\\\r?\n|[^\n;&|])*)")
TAG = re.compile(r"(?:^|\s)(?:-t|--tag)[ =]\s*[\"']?(?P<image>[^\s\"']+)")
FILE = re.compile(r"(?:^|\s)(?:-f|--file)[ =]\s*[\"']?(?P<file>[^\s\"']+)")
VALUED = re.compile(
    r"(?:^|\s)(?:-[tfom]|--(?:tag|file|build-arg|platform|target|output|label|cache-\w+|progress|network|secret|ssh|builder))[ =]\s*\S+"
    r"|(?:^|\s)-\S+"
)
SKAFFOLD = re.compile(rb"^build:|^[ \t]+artifacts:", re.M)
TARGET = re.compile(r"^target[ \t]+\"(?P<name>[\w.-]+)\"[ \t]*\{(?P<body>.*?)^\}", re.M | re.S)
GIVEN = re.compile(r"^[ \t]*(?P<key>context|dockerfile|tags)[ \t]*=[ \t]*\"?(?P<value>\[[^\]]*\]|[^\"\n]*)", re.M)
DEFAULTS = ("Dockerfile", "Containerfile")
Built = tuple[str, str, str, str]
WRITTEN = (".sh", ".bash", ".bat", ".ps1", "makefile", ".mk", "justfile", ".yml", ".yaml", "jenkinsfile", "package.json")


def bare_image(image: str) -> str:
    """`registry:5000/shop/api:1.4@sha256:...` -> `api`; "" where a variable stands in the name itself."""
    name = image.split("@")[0].rsplit("/", 1)[-1].partition(":")[0]
    return "" if "$" in name or "{" in name else name


def folders_of_images(tree: Tree) -> Mapping[str, str]:
    """Names of images, without registry and tag, each with the one folder that it is built from."""
    return tree.computed(_folders)


def _folders(tree: Tree) -> dict[str, str]:
    told = defaultdict[str, set[str]](set)
    built = ((image, folder) for image, folder, _, _ in (*_commands(tree), *_actions(tree), *_baked(tree)))
    for image, folder in (*_composed(tree), *_skaffold(tree), *built):
        if (name := bare_image(image)) and folder not in ("", "."):
            told[name].add(folder)
    found = {name: next(iter(folders)) for name, folders in told.items() if len(folders) == 1}
    return {**_namesakes(tree), **found}


def builds(tree: Tree) -> tuple[tuple[str, str, str], ...]:
    """(image, the folder that its build sees, its Dockerfile) of every command, workflow and bake file that builds one."""
    return tree.computed(_builds)


def _builds(tree: Tree) -> tuple[tuple[str, str, str], ...]:
    return tuple((image, context, file) for image, _, context, file in (*_commands(tree), *_actions(tree), *_baked(tree)))


def _composed(tree: Tree) -> Iterator[tuple[str, str]]:
    return ((s.image, s.context) for s in compose_services(tree) if s.image and s.context)


def _skaffold(tree: Tree) -> Iterator[tuple[str, str]]:
    for path in tree.holding((p for p in tree.ending(".yaml", ".yml") if "skaffold" in posixpath.basename(p)), b"artifacts:"):
        for document in documents(tree.read(path) or b"", SKAFFOLD).found:
            for artifact in document.list("build", "artifacts"):
                context = artifact.text("context") or artifact.text("docker", "context") or "."
                folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), context))
                yield artifact.text("image"), _home(tree, folder, artifact.text("docker", "dockerfile"))


def _commands(tree: Tree) -> Iterator[Built]:
    for path in tree.holding(tree.ending(*WRITTEN), b"docker build", b"buildx build", b"podman build", b"image build"):
        for match in BUILD.finditer(tree.read(path) or b""):
            words = re.sub(r"\\\r?\n", " ", match["words"].decode("utf-8", "replace")).rstrip("\"'`, ")
            context = (VALUED.sub(" ", words).split() or ["."])[-1].strip("\"'")
            found = FILE.search(words)
            file = found["file"] if found else ""
            for base in (posixpath.dirname(path), ""):
                whole = posixpath.normpath(posixpath.join(base, context))
                folder = _home(tree, whole, file, base)
                if _holds(tree, folder) and _is_built(tree, whole, base, file):
                    yield from ((tag["image"], folder, whole, _dockerfile(tree, whole, base, file)) for tag in TAG.finditer(words))
                    break


def _actions(tree: Tree) -> Iterator[Built]:
    for path in tree.holding((p for p in tree.ending(".yml", ".yaml") if ".github/workflows/" in p), b"docker/build-push-action"):
        document = tree.parsed(path, read_yaml)
        for job in (document.table("jobs") if document else {}).values():
            for step in job.list("steps"):
                if step.text("uses").startswith("docker/build-push-action"):
                    yield from _pushed(tree, step)


def _pushed(tree: Tree, step: Located) -> Iterator[Built]:
    context, file = posixpath.normpath(step.text("with", "context") or "."), step.text("with", "file")
    folder = _home(tree, context, file, "")
    for image in re.split(r"[\s,]+", step.text("with", "tags")):
        yield image, folder, context, _dockerfile(tree, context, "", file)


def _baked(tree: Tree) -> Iterator[Built]:
    """Targets of a bake file in HCL (docs.docker.com/build/bake/reference): paths count from where it is called, the root."""
    for path in tree.ending("docker-bake.hcl", "docker-bake.override.hcl"):
        for match in TARGET.finditer((tree.read(path) or b"").decode("utf-8", "replace")):
            given = {word["key"]: word["value"] for word in GIVEN.finditer(match["body"])}
            for base in (posixpath.dirname(path), ""):
                context = posixpath.normpath(posixpath.join(base, given.get("context", ".")))
                file = _dockerfile(tree, context, context, given.get("dockerfile", ""))
                if file:
                    image = given.get("tags", "").strip("[ \"\r\n\t").partition('"')[0] or match["name"]
                    yield image if bare_image(image) else match["name"], posixpath.dirname(file) or ".", context, file
                    break


def _dockerfile(tree: Tree, context: str, base: str, file: str) -> str:
    """The Dockerfile that a build names, or the context's own; "" where that is not there."""
    named = [posixpath.join(base, file), posixpath.join(context, file)] if file else [posixpath.join(context, n) for n in DEFAULTS]
    return next((p for p in map(posixpath.normpath, named) if p in tree.known), "")


def _home(tree: Tree, context: str, file: str, base: str | None = None) -> str:
    """The folder of the Dockerfile where that lies deeper than the context."""
    own = posixpath.normpath(posixpath.join(context if base is None else base, posixpath.dirname(file))) if file else context
    return own if own != context and (context == "." or own.startswith(f"{context}/")) and _holds(tree, own) else context


def _is_built(tree: Tree, context: str, base: str, file: str) -> bool:
    """Whether the Dockerfile that a command names, or the context's own, is there."""
    if file:
        return "$" in file or posixpath.normpath(posixpath.join(base, file)) in tree.known
    return any(posixpath.normpath(f"{context}/{name}") in tree.known for name in DEFAULTS)


def _holds(tree: Tree, folder: str) -> bool:
    return folder in tree.folders


def _namesakes(tree: Tree) -> dict[str, str]:
    """Folders with a Dockerfile, and packages beside one, that alone are called so."""
    folders = {posixpath.dirname(p) for p in tree.files if posixpath.basename(p).lower() in ("dockerfile", "containerfile")} - {""}
    named = [(posixpath.basename(folder), folder) for folder in folders]
    named += [(package_name(tree, p), posixpath.dirname(p)) for p in package_files(tree) if posixpath.dirname(p) in folders]
    often = Counter(name for name, _ in dict.fromkeys(named))
    return {name: folder for name, folder in named if name and often[name] == 1}


def without_prefix(names: Iterable[str]) -> dict[str, str]:
    """Names without the first word that most of them share: `shop-api`, `shop-till` -> `api`, `till`."""
    listed = [name for name in dict.fromkeys(names) if "-" in name]
    often = Counter(name.partition("-")[0] for name in listed)
    return {name: name.partition("-")[2] for name in listed if often[name.partition("-")[0]] > 1}
