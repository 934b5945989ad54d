"""Whether a URL's path is one that a route answers, in the spellings of Flask, FastAPI, Express, aiohttp and Django."""

import re
from collections.abc import Iterable
from functools import lru_cache

from opskit.ports.sightings import OPEN
from opskit.survey.facts import Route

SPREAD = re.compile(r"<path:\w+>|\{\w+:path\}|\{\w+:\.\*\}|\*+|\(\.\*\)")
MARK = re.compile("[\1\2]")
ONE = re.compile(r"<[^<>]+>|\{[^{}]+\}|:\w+(?:\([^)]*\))?\??")


@lru_cache(maxsize=1 << 16)
def answers(route: str, url: str) -> bool:
    """`url` is a path as a client writes it, OPEN for each part that cannot be read. A route's parameter takes one
    segment, a spread (`<path:x>`, `*`) any number; an OPEN may be any text, also with slashes in it."""
    url, pattern = url.rstrip("/") or "/", _pattern(route)
    asked, given = url.partition(OPEN)[0], MARK.split(pattern, maxsplit=1)[0]
    if asked == url and given == pattern:
        return asked == given
    return (asked.startswith(given) or given.startswith(asked)) and _fits(pattern, url)


def answered(routes: Iterable[Route], url: str) -> bool:
    return any(answers(route.route, url) for route in routes)


def says_something(url: str) -> bool:
    """Whether a path tells services apart: "" , "/" and one that is open from its start do not."""
    return bool(url.strip("/" + OPEN))


@lru_cache(maxsize=4096)
def _pattern(route: str) -> str:
    """The route as literals, ONE_SEGMENT ("?") and SPREAD ("*") marks, in order."""
    text = "/" + route.lstrip("^/").rstrip("$")
    text = ONE.sub("\1", SPREAD.sub("\2", text))
    return text.rstrip("/") or "/"


def _fits(pattern: str, url: str) -> bool:
    """Both sides hold wildcards, so positions are compared pairwise: \\1 takes one segment, \\2 and OPEN any text."""
    reached = {(0, 0)}
    done = set[tuple[int, int]]()
    while reached:
        i, j = state = reached.pop()
        if state in done:
            continue
        done.add(state)
        if i == len(pattern) and j == len(url):
            return True
        p, u = pattern[i] if i < len(pattern) else "", url[j] if j < len(url) else ""
        reached |= _steps(p, u, i, j)
    return False


def _steps(p: str, u: str, i: int, j: int) -> set[tuple[int, int]]:
    steps = set[tuple[int, int]]()
    if u == OPEN:
        steps |= {(i, j + 1)} | ({(i + 1, j)} if p else set())
    if p == "\2":
        steps |= {(i + 1, j)} | ({(i, j + 1)} if u else set())
    elif p == "\1":
        steps |= {(i + 1, j)} | ({(i, j + 1)} if u and u != "/" else set())
    elif p and p == u:
        steps.add((i + 1, j + 1))
    return steps
