"""Servers in Go, Rust, Java, Kotlin, C#, PHP and Ruby by their common forms: less sure than what is parsed, and never edited.

Ports that nobody says are the documentation's: gin 8080 or PORT, Rocket 8000, Puma 9292 or Rails 3000, Javalin 8080, Ktor none.
"""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.forms import LANGUAGES, TESTS, Form
from opskit.ports.stated.identity import PROJECTS, Homes
from opskit.ports.stated.kept import kept
from opskit.ports.stated.words import Found, argument, number_in, without_comments
from opskit.survey.facts import Confidence

HASHED = frozenset(("php", "ruby", "elixir"))
CLIENT = re.compile(r"\.(?:connect|Connect|Dial\w*)\s*\([^()]*$|new\s+Socket\([^()]*$|proxy", re.I)


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """A file's binds. What stands in tests, examples and vendored folders is nobody's service."""
    for ending, (language, forms, clues) in LANGUAGES.items():
        for path in tree.holding((p for p in tree.files if p.endswith(ending) and not TESTS.search(p)), *clues):
            yield from _read(tree, homes, path, language, forms)


def _read(tree: Tree, homes: Homes, path: str, language: str, forms: tuple[Form, ...]) -> Iterator[Stated]:
    whole = (tree.read(path) or b"").decode("utf-8", "replace")
    text = without_comments(whole, language in HASHED)
    seen = set[tuple[int, str]]()
    for form in forms:
        if form.needs and form.needs not in text:
            continue
        for match in form.pattern.finditer(text):
            start, end = argument(text, match.end(), form.position, line=form.line)
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if CLIENT.search(line):
                continue
            found = _told(tree, homes, path, text, form, start, end)
            if found is None or found.port is None or (found.port, form.protocol) in seen:
                continue
            seen.add((found.port, form.protocol))
            yield _stated(tree, homes, path, text, language, form, found, match.start())


def _told(tree: Tree, homes: Homes, path: str, text: str, form: Form, start: int, end: int) -> Found | None:
    if not text[start:end].strip():
        return Found(form.default, variable=form.variable, via=("the framework's default",), confidence="low") if form.default else None
    found = number_in(text, start, end)
    if found is not None and found.port is not None:
        return found
    return _elsewhere(tree, path, text[start:end]) or found or kept(tree, homes, path, text[start:end])


def _project(tree: Tree, folder: str) -> str:
    """The nearest folder at or above that holds a project's own file, with its slash; "" at the root."""
    while folder and not any(f"{folder}/{name}" in tree.known for name in PROJECTS):
        folder = posixpath.dirname(folder)
    return f"{folder}/" if folder else ""


def _elsewhere(tree: Tree, path: str, expression: str) -> Found | None:
    """A setting of another file of the same project: the one place of the language that gives the last name a number. A plain local name
    (`addr`) is looked for in its own project alone."""
    name = re.findall(r"[A-Za-z_]\w*", expression)
    if not name or ("port" not in name[-1].lower() and "addr" not in name[-1].lower()):
        return None
    folder, ending = posixpath.dirname(path), posixpath.splitext(path)[1]
    top = folder.split("/")[0] if folder else ""
    if re.fullmatch(r"\s*&?\s*[a-z_]\w*\s*", expression):
        top = _project(tree, folder) or top
    found = []
    for other in tree.holding(
        (p for p in tree.files if p.endswith(ending) and p != path and p.startswith(top) and not TESTS.search(p)), name[-1].encode()
    ):
        text = without_comments((tree.read(other) or b"").decode("utf-8", "replace"))
        seen = number_in(f"{text}\n{expression}", len(text) + 1, len(text) + 1 + len(expression))
        if seen is not None and seen.port is not None:
            found.append((other, seen))
    ports = {each.port for _, each in found}
    return Found(found[0][1].port, 0, 0, "", found[0][1].variable, (f"{name[-1]} of {found[0][0]}",), "low") if len(ports) == 1 else None


def _stated(tree: Tree, homes: Homes, path: str, text: str, language: str, form: Form, found: Found, at: int) -> Stated:
    start, end = (found.start, found.end) if found.end else (at, at)
    first = len(text[:start].encode())
    sure: Confidence = "low" if found.confidence == "low" else "medium"
    return Stated(
        tree.place(path, first, first + len(text[start:end].encode())),
        found.port or 0,
        "bind",
        homes.of(path),
        "machine",
        language,
        form.protocol,
        sure,
        found.via,
        found.host,
        found.variable,
    )
