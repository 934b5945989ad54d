"""From many paths to the few folders that they hang on, each with the variable that stands for it."""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from opskit.paths.classes import above, home_depth
from opskit.paths.facts import Kind, Root
from opskit.paths.grammar import Split, key, owner, split

Taken = Callable[[str], bool]
PROJECT, HOME = "BASE_DIR", "USER_HOME"
SURE = 3


def configured(paths: Mapping[str, Any]) -> tuple[Root, ...]:
    """The roots of opskit.toml: `[paths.roots] NAME = "C:/..."` or a list of several folders; `[paths] project` names the repository's."""
    project, table = str(paths.get("project", PROJECT)), paths.get("roots", {})
    found = list[Root]()
    for variable, given in table.items() if isinstance(table, dict) else ():
        for prefix in given if isinstance(given, list) else [given]:
            if isinstance(prefix, str) and split(prefix).anchor:
                kind: Kind = "project" if variable == project else "personal" if home_depth(split(prefix)) else "folder"
                found.append(_root(variable, prefix, kind))
    return tuple(found)


def inferred(
    values: Sequence[str], files: Collection[str], names: Iterable[str], known: Sequence[Root], taken: Taken, hints: Iterable[str] = ()
) -> tuple[Root, ...]:
    """`known` and the roots of what hangs on none of them. `values` are paths of code and configuration, one a sighting; `files` the
    platform's own, `names` what the repository is called; `taken` tells whether a variable means something else in the code;
    `hints` are more paths that the code looks for, spelled out nowhere: modules in a folder that it adds to sys.path."""
    free = [value for value in values if owner(value, known) is None]
    looked = [*free, *(hint for hint in hints if owner(hint, known) is None)]
    project = _projects(looked, _index(files), {_plain(name) for name in names}, known)
    variable = next((root.variable for root in known if root.kind == "project"), "PROJECT_ROOT" if project and taken(PROJECT) else PROJECT)
    found = [*known, *(_root(variable, prefix, "project") for prefix in project)]
    for prefix in _folders([value for value in free if owner(value, found) is None]):
        found.append(_named(prefix, found, taken))
    return tuple(found)


def counted(roots: Iterable[Root], values: Iterable[str]) -> tuple[Root, ...]:
    """The roots with how many of the paths hang on each, the repository's first, then the most used."""
    roots = tuple(roots)
    uses = Counter(key(found[0].prefix) for value in values if (found := owner(value, roots)))
    told = [replace(root, uses=uses[key(root.prefix)]) for root in roots]
    return tuple(sorted(told, key=lambda root: (root.kind != "project", -root.uses, root.variable, root.prefix)))


def _root(variable: str, prefix: str, kind: Kind) -> Root:
    return Root(variable.removesuffix("_DIR").removeprefix("DIR_").lower(), variable, prefix, kind)


def _index(files: Iterable[str]) -> frozenset[str]:
    """Files and their folders, case left out."""
    found = set[str]()
    for path in files:
        here = path.lower()
        while here and here not in found:
            found.add(here)
            here = posixpath.dirname(here)
    return frozenset(found)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _projects(values: Iterable[str], index: frozenset[str], names: Collection[str], known: Sequence[Root]) -> list[str]:
    """Prefixes that stand for the repository: their tails exist in the tree, or they are called as it is. Several for several machines."""
    scores, spelled, held = Counter[tuple[str, ...]](), dict[tuple[str, ...], str](), set[tuple[str, ...]]()
    for value in values:
        pieces = split(value)
        for depth in range(above(pieces) + 1, len(pieces.parts) + 1):
            below = "/".join(pieces.parts[depth:]).lower()
            named, lies = _plain(pieces.parts[depth - 1]) in names, bool(below) and below in index
            if named or lies:
                prefix = _prefix(value, pieces, depth)
                held.update([key(prefix)] if lies else [])
                scores[key(prefix)] += 2 * SURE if named else SURE if "/" in below else 1
                spelled.setdefault(key(prefix), prefix)
                break
    chosen = _accepted(scores, {_plain(split(r.prefix).parts[-1]) for r in known if r.kind == "project"}, names)
    lying = [spelled[whole] for whole in chosen if whole in held]
    return [spelled[whole] for whole in chosen if whole in held or not any(_same_machine(spelled[whole], other) for other in lying)]


def _same_machine(prefix: str, other: str) -> bool:
    """Whether one person may have both: then the one that holds nothing of the tree is a copy, or a place to write to."""
    mine, theirs = split(prefix), split(other)
    return mine.flavour == theirs.flavour and (not home_depth(mine) or mine.parts[: home_depth(mine)] == theirs.parts[: home_depth(theirs)])


def _accepted(scores: Counter[tuple[str, ...]], called: Collection[str], names: Collection[str]) -> list[tuple[str, ...]]:
    best = max(scores, key=lambda whole: (scores[whole], whole), default=None)
    chosen = list[tuple[str, ...]]()
    called = {*called, *names, *([_plain(best[-1])] if best else [])}
    for whole, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
        nested = any(whole[: len(other)] == other or other[: len(whole)] == whole for other in chosen)
        if not nested and (score >= 2 * SURE or _plain(whole[-1]) in called):
            chosen.append(whole)
    return chosen


def _prefix(value: str, pieces: Split, depth: int) -> str:
    """The folder as the value spells it, with one kind of separator."""
    parts = pieces.parts[:depth]
    if pieces.flavour == "posix":
        return "/" + "/".join(parts)
    separator = "/" if "/" in value and "\\" not in value else "\\"
    return separator.join((pieces.anchor, *parts))


def _folders(values: Iterable[str]) -> list[str]:
    """The first folder below a home or a drive, one a group, the most used first; a home itself for the files that lie in it."""
    groups, spelled, values = Counter[tuple[str, ...]](), dict[tuple[str, ...], str](), list(values)
    folders = {key(value)[: above(split(value)) + 2] for value in values if len(split(value).parts) > above(split(value)) + 1}
    for value in values:
        pieces = split(value)
        depth = above(pieces)
        if len(pieces.parts) > depth and (key(value)[: depth + 2] in folders or _is_folder(pieces)):
            depth += 1
        elif not home_depth(pieces):
            continue
        prefix = _prefix(value, pieces, depth)
        groups[key(prefix)] += 1
        spelled.setdefault(key(prefix), prefix)
    return [spelled[whole] for whole, _ in sorted(groups.items(), key=lambda pair: (-pair[1], pair[0]))]


def _is_folder(pieces: Split) -> bool:
    """A name alone: with a dot in it, it is a file until a path goes deeper."""
    return pieces.trailing or not re.search(r"[.{*]", pieces.parts[-1])


def _named(prefix: str, found: Sequence[Root], taken: Taken) -> Root:
    """A variable of its own; the same folder of two people's homes shares one, the same name on two drives does not."""
    pieces = split(prefix)
    home = home_depth(pieces)
    kind: Kind = "personal" if home else "folder"
    word = re.sub(r"\W+", "_", pieces.parts[-1], flags=re.ASCII).strip("_").upper() or "DATA"
    word = word.removesuffix("_DIR") + "_DIR" if word[0].isalpha() else f"DIR_{word}"
    variable = HOME if home == len(pieces.parts) else word
    same = [root for root in found if root.variable == variable]
    if taken(variable) or any(not (home and root.kind == "personal" and _below_home(root) == _below_home_of(pieces)) for root in same):
        drive = re.sub(r"\W+", "_", pieces.anchor).strip("_").upper() or pieces.parts[max(home - 1, 0)].upper()
        variable = f"{drive}_{variable}"
    again = (root.variable for root in found if kind == root.kind == "folder" and _mounted(root.prefix) == _mounted(prefix))
    variable = next(again, variable)
    number, first = 2, variable
    while any(r.variable == variable and _mounted(r.prefix) != _mounted(prefix) and r.kind != "personal" for r in found):
        variable, number = f"{first}_{number}", number + 1
    return _root(variable, prefix, kind)


def _mounted(prefix: str) -> tuple[str, ...]:
    """The key of a folder; `/mnt/d/work` is what WSL calls `D:\\work`."""
    whole = key(prefix)
    return (f"{whole[2]}:", *(part.lower() for part in whole[3:])) if whole[:2] == ("/", "mnt") and len(whole[2]) == 1 else whole


def _below_home(root: Root) -> tuple[str, ...]:
    return _below_home_of(split(root.prefix))


def _below_home_of(pieces: Split) -> tuple[str, ...]:
    return tuple(part.lower() for part in pieces.parts[home_depth(pieces) :])
