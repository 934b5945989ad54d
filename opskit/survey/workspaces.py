"""Commands that a monorepo's root runs in one of its packages (pnpm.io/filtering, docs.npmjs.com/cli run, yarnpkg.com/cli/workspace)."""

import posixpath
import re

from opskit.core.tree import Tree
from opskit.source.json_text import read_json
from opskit.survey.commandline import Simple

SELECTS = {"pnpm": ("--filter", "-F"), "npm": ("--workspace", "-w"), "bun": ("--filter",), "yarn": ()}


def member_called(tree: Tree, simple: Simple) -> tuple[str, str] | None:
    """(folder, script) of `pnpm --filter @shop/api dev`, `npm run dev -w api`, `yarn workspace api dev`; None where the command
    selects no package, or one that cannot be told."""
    chosen = simple.option(*SELECTS[simple.program]) if SELECTS.get(simple.program) else None
    rest = [v for v in simple.values[1:] if not v.startswith("-") and (chosen is None or v != chosen.value)]
    said = chosen.value if chosen else ""
    if simple.program == "yarn" and rest[:1] == ["workspace"] and len(rest) > 1:
        said, rest = rest[1], rest[2:]
    if rest and rest[0] in ("run", "run-script"):
        rest = rest[1:]
    folder = member(tree, simple.cwd, said) if said and rest and rest[0] not in ("exec", "install", "add", "dlx") else ""
    return (folder, rest[0]) if folder else None


def member(tree: Tree, cwd: str, said: str) -> str:
    """The folder of the package that a selector names, "" where none or several do: by its whole name, by its name without the
    scope, by its folder (`./apps/api`)."""
    name = said.removesuffix("...").removesuffix("^").removeprefix("...").strip("{}")
    if name.startswith("./"):
        folder = posixpath.normpath(posixpath.join(cwd, name))
        return folder if posixpath.join(folder, "package.json") in tree.known else ""
    names = {}
    for path in tree.ending("package.json"):
        document = tree.parsed(path, read_json) if posixpath.basename(path) == "package.json" else None
        if document is not None:
            names[posixpath.dirname(path) or "."] = document.text("name")
    whole = [folder for folder, told in names.items() if told == name]
    short = [folder for folder, told in names.items() if told.rpartition("/")[2] == name]
    found = whole or short
    return found[0] if len(found) == 1 else ""


def handed(simple: Simple, script: str) -> str:
    """What a command hands on to the script that it runs: behind `--`; of yarn, pnpm and bun whatever follows the script's name
    (docs.npmjs.com/cli run, pnpm.io/cli/run, yarnpkg.com/cli/run)."""
    values = list(simple.values[1:])
    if script not in values:
        return ""
    rest = values[values.index(script) + 1 :]
    if "--" in rest:
        rest = rest[rest.index("--") + 1 :]
    elif simple.program == "npm":
        return ""
    return " ".join(value if re.fullmatch(r"[\w@%+=:,./${}-]+", value) else f"'{value}'" for value in rest)
