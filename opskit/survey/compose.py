"""Services of compose files, by their plain forms (github.com/compose-spec/compose-spec): ports, expose, command, env, depends_on."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.source.dockerfile import Instruction, read_dockerfile, stage
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml
from opskit.survey.beside import beside
from opskit.survey.commandline import words
from opskit.survey.composition import extended, filled, projects, set_in_file
from opskit.survey.facts import Bind
from opskit.survey.naming import kebab
from opskit.survey.runners import Started
from opskit.survey.starting import started

COLONS = re.compile(r":(?![^{]*\})(?![^\[]*\])")
NUMBERS = re.compile(r"(\$\{[^}]*\}|\$\w+|[0-9]+(-[0-9]+)?)\Z")
SUBSTITUTION = re.compile(r"\$\{?(?P<name>\w+)(?::?[-=](?P<default>[^}]*))?\}?\Z")
PART = re.compile(r"(?:^|[\s./=])((?:\w[\w-]*/)*(?:cmd|services|apps|microservices|packages)/\w[\w-]*)")
WIDEST = 50


@dataclass(frozen=True, slots=True)
class ComposeService:
    """`root` is the folder that its build sees; `commanded` says that compose replaces what the image runs. `text` is the command
    as the container runs it, its working directory taken off, empty where only an image holds the program; `ports` are published
    host ports; `exposed` numbers inside the container (the image's own only where the image's own command runs); `image` the
    image's name or ""; `context` the folder whose code it is built from or ""; `targets` are the container's side of `ports`;
    `file` is the Dockerfile in the tree or "", `target` the stage of it that is built, "" for the last; `container` the name that
    the container is given or ""."""

    name: str
    place: Place
    cwd: str
    text: str
    starts: tuple[Started, ...]
    ports: tuple[Bind, ...]
    exposed: tuple[int, ...]
    env: Mapping[str, str]
    depends_on: tuple[str, ...]
    profile: str
    image: str
    context: str = ""
    root: str = ""
    commanded: bool = False
    targets: tuple[Bind, ...] = ()
    file: str = ""
    target: str = ""
    container: str = ""


def compose_services(tree: Tree) -> list[ComposeService]:
    """Those of every compose file, and of every file that one includes."""
    return tree.computed(_services)


def _services(tree: Tree) -> list[ComposeService]:
    found = []
    for path, project in projects(tree).items():
        document = tree.parsed(path, read_yaml)
        for name, body in document.table("services").items() if document else ():
            if body.items is not None:
                found.append(_service(tree, path, project, name, body))
    return found


def _service(tree: Tree, path: str, project: str, name: str, body: Located) -> ComposeService:
    body, entries = extended(tree, path, body)
    folder = posixpath.dirname(path) or "."
    context = _context(tree, path, body, folder) or _kept_beside(tree, name, body, folder)
    file = _dockerfile(tree, path, body, context)
    instructions = (tree.parsed(file, read_dockerfile) or ()) if file else ()
    target = body.text("build", "target")
    built = stage(instructions, target)
    home = _home(tree, context, file, instructions) if context else ""
    own = _mounted(body, folder) or (_workdir(tree, body, context, instructions) if context else "")
    own = home if own == context else own
    said = _command_text(body) or _image_command(built)
    inside = own or folder
    text = _relative(said, instructions, body, posixpath.relpath(context or inside, inside)) if own else ""
    starts = tuple(started(tree, text, inside)) if text else ()
    others = beside(tree).get(project, ())
    key, profile = body.key or body, ",".join(p.raw for p in body.list("profiles"))
    return ComposeService(
        name,
        tree.place(path, key.start, key.end),
        inside,
        text,
        starts,
        tuple(replace(b, mode=profile, project=project, beside=others) for where, item in entries for b in _published(tree, where, item)),
        tuple(int(p.raw.split("/")[0]) for p in body.list("expose") if p.raw.split("/")[0].isdigit())
        or (() if _command_text(body) else _exposed(built)),
        {**_image_env(built), **_environment(body)},
        tuple(body.table("depends_on")) or tuple(p.raw for p in body.list("depends_on")),
        profile,
        body.text("image"),
        home,
        context,
        bool(_command_text(body) or body.at("entrypoint")),
        tuple(b for where, item in entries for b in _targeted(tree, where, item)),
        file,
        target,
        body.text("container_name"),
    )


def _context(tree: Tree, path: str, body: Located, folder: str) -> str:
    """The build's folder, "" without a build or with a remote one. One that only the root has is meant from there: the file is
    started with `--project-directory`."""
    given = filled(tree, path, body.text("build") or body.text("build", "context")) or ("." if body.table("build") else "")
    if not given or "://" in given:
        return ""
    near, root = posixpath.normpath(posixpath.join(folder, given)), posixpath.normpath(given)
    return root if near not in tree.folders and root in tree.folders else near


def _kept_beside(tree: Tree, name: str, body: Located, folder: str) -> str:
    """The project's own folder, for a service of its name whose image is only pulled by a compose file that lies in it."""
    pulled = body.at("build") is None and bool(body.text("image"))
    return folder if pulled and kebab(name) == kebab(posixpath.basename(folder)) and f"{folder}/Dockerfile" in tree.known else ""


def _dockerfile(tree: Tree, path: str, body: Located, context: str) -> str:
    named = filled(tree, path, body.text("build", "dockerfile")) or "Dockerfile"
    found = posixpath.normpath(posixpath.join(context, named)) if context else ""
    return found if found in tree.known else ""


def _home(tree: Tree, context: str, file: str, instructions: tuple[Instruction, ...]) -> str:
    """The folder that an image is really built from: the context, or the one part of it that its Dockerfile stands in and
    copies, or builds (`go build ./cmd/api`); a package that keeps its Dockerfile unless the image starts a file from the root."""
    own = posixpath.dirname(file)
    copied = " ".join(i.text for i in instructions if i.name in ("COPY", "ADD"))
    if own and own != context and re.search(rf"(?<![\w/=-])(?:\./)?{re.escape(posixpath.relpath(own, context))}(?![\w-])", copied):
        return own
    if own and own != context and f"{own}/package.json" in tree.known:
        return own if not any(s.entry for s in started(tree, _image_command(stage(instructions)), context)) else context
    built = " ".join(i.text for i in instructions if i.name in ("RUN", "WORKDIR"))
    parts = {found[1] for found in PART.finditer(f"{copied} {built}")}
    folders = {f for part in parts if (f := posixpath.normpath(posixpath.join(context, part))) in tree.folders}
    return next(iter(folders)) if len(folders) == 1 else context


def _mounted(body: Located, folder: str) -> str:
    """The folder mounted over the working directory: what runs there is the platform's own code."""
    workdir = body.text("working_dir")
    for item in body.list("volumes"):
        host, _, inside = item.raw.partition(":")
        if host.startswith(".") and workdir and inside.partition(":")[0].rstrip("/") == workdir.rstrip("/"):
            return posixpath.normpath(posixpath.join(folder, host))
    return ""


def _command_text(body: Located) -> str:
    if text := body.text("command"):
        return text
    return " ".join(part.raw if " " not in part.raw else f"'{part.raw}'" for part in body.list("command"))


def _image_command(instructions: tuple[Instruction, ...]) -> str:
    """ENTRYPOINT and CMD of a stage, joined as Docker joins their exec forms."""
    last = {"ENTRYPOINT": "", "CMD": ""}
    for each in instructions:
        if each.name in last:
            given = each.words()
            last[each.name] = each.text if given is None else " ".join(w if " " not in w else f"'{w}'" for w in given)
    return f"{last['ENTRYPOINT']} {last['CMD']}".strip()


def _workdir(tree: Tree, body: Located, context: str, instructions: tuple[Instruction, ...]) -> str:
    """The folder of the build context that `working_dir` stands for: an image's own working directory holds the context,
    as `COPY . .` has it; without one the longest end of the path that the context has."""
    workdir = posixpath.normpath(body.text("working_dir") or "/")
    image = next((i.text.strip().rstrip("/") for i in reversed(instructions) if i.name == "WORKDIR"), "")
    inner = workdir.removeprefix(image).lstrip("/") if workdir.startswith(f"{image}/") or workdir == image else workdir.lstrip("/")
    parts = inner.split("/")
    for first in range(len(parts)):
        folder = posixpath.normpath(posixpath.join(context, *parts[first:]))
        if inner and any(path.startswith(f"{folder}/") for path in tree.files):
            return folder
    return context


def _relative(text: str, instructions: tuple[Instruction, ...], body: Located, context: str) -> str:
    """The command with the container's folders taken off: `/app/server.js` is `server.js` of the context, which stands
    at `context` as seen from where it runs."""
    own = body.text("working_dir").rstrip("/")
    images = {i.text.strip().rstrip("/") for i in instructions if i.name == "WORKDIR"}
    for folder in sorted((w for w in {own, *images} if len(w) > 1), key=len, reverse=True):
        text = text.replace(folder + "/", "" if folder == own or context == "." else context + "/")
    return text


def _exposed(instructions: tuple[Instruction, ...]) -> tuple[int, ...]:
    return tuple(int(w.split("/")[0]) for i in instructions if i.name == "EXPOSE" for w in i.text.split() if w.split("/")[0].isdigit())


def _image_env(instructions: tuple[Instruction, ...]) -> dict[str, str]:
    found = {}
    for each in instructions:
        if each.name == "ENV":
            pairs = [w.value.partition("=") for w in words(each.text)]
            found.update(
                {k: v for k, eq, v in pairs if eq} or {each.text.split()[0]: each.text.partition(" ")[2]} if each.text.split() else {}
            )
    return found


def _environment(body: Located) -> dict[str, str]:
    """Values as compose would hand them over; what it takes from the caller's environment alone is left to that."""
    table = {name: value.raw for name, value in body.table("environment").items() if value.value is not None}
    listed = {k: v for part in body.list("environment") for k, eq, v in [part.raw.partition("=")] if eq}
    return {name: told for name, value in (table or listed).items() if (told := _substituted(value)) is not None}


def _substituted(value: str) -> str | None:
    missing = False

    def one(match: re.Match[str]) -> str:
        nonlocal missing
        missing = missing or match["default"] is None
        return match["default"] or ""

    text = re.sub(r"\$\{\w+(?::?-(?P<default>[^}]*))?[^}]*\}|(?<!\$)\$\w+(?P<none>)", lambda m: one(m), value)
    return None if missing else text.replace("$$", "$")


def _published(tree: Tree, path: str, item: Located) -> list[Bind]:
    """The host's side of one entry of `ports`; without one the port is of the moment, which clashes with nothing."""
    if item.items is not None:
        published, target = item.at("published"), item.at("target")
        protocol: Literal["tcp", "udp"] = "udp" if item.text("protocol") == "udp" else "tcp"
        if published is None or target is None:
            return []
        return _numbers(tree, path, published, 0, published.raw, item.text("host_ip"), protocol, target.raw)
    text, _, protocol_word = item.raw.partition("/")
    parts = COLONS.split(text)
    if len(parts) not in (2, 3) or not NUMBERS.match(parts[-2]):
        return []
    udp: Literal["tcp", "udp"] = "udp" if protocol_word == "udp" else "tcp"
    host = parts[0] if len(parts) == 3 else ""
    return _numbers(tree, path, item, len(host) + 1 if host else 0, parts[-2], host.strip("[]"), udp, parts[-1])


def _targeted(tree: Tree, path: str, item: Located) -> list[Bind]:
    """The container's side of one entry of `ports`, also where no host port is said."""
    if item.items is not None:
        target = item.at("target")
        protocol: Literal["tcp", "udp"] = "udp" if item.text("protocol") == "udp" else "tcp"
        return _numbers(tree, path, target, 0, target.raw, "", protocol, "") if target is not None else []
    text, _, word = item.raw.partition("/")
    inside = COLONS.split(text)[-1]
    udp: Literal["tcp", "udp"] = "udp" if word == "udp" else "tcp"
    return _numbers(tree, path, item, len(text) - len(inside), inside, "", udp, "") if NUMBERS.match(inside) else []


def _numbers(
    tree: Tree, path: str, item: Located, skip: int, text: str, host: str, protocol: Literal["tcp", "udp"], inside: str
) -> list[Bind]:
    via = ("compose publish", f"container port {inside}")
    start = item.start + item.quoted + skip
    variable = ""
    if match := SUBSTITUTION.match(text):
        variable, given = match["name"], match["default"] or ""
        start, text = start + max(match.start("default"), 0), given
        said, place = set_in_file(tree, path, variable)
        if place is not None and said.isdigit() and 0 < int(said) < 65536:
            return [Bind(place, int(said), "compose", host, protocol, variable, (*via, f"{variable} of {place.path}"), editable=True)]
    first, _, last = text.partition("-")
    whole = tree.place(path, item.start, item.end)
    if not first.isdigit():
        return [Bind(whole, None, "compose", host, protocol, variable, via, "low")]
    if last.isdigit() and int(last) - int(first) < WIDEST:
        return [Bind(whole, n, "compose", host, protocol, variable, via) for n in range(int(first), int(last) + 1)]
    if not 0 < int(first) < 65536:
        return []
    return [Bind(tree.place(path, start, start + len(first)), int(first), "compose", host, protocol, variable, via, editable=True)]
