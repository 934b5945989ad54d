"""Form bodies and query strings with brackets, as Stripe's clients write them: `a[b][0][c]=1`, `a[]=1`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from opskit.sandbox.stripe.wire.errors import ApiError

KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
DEPTH = 12


def decode(text: str) -> dict[str, Any]:
    """A tree of dicts with strings at its leaves; an array is a dict whose keys are 0, 1, 2 ... A name given twice keeps its last value."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=5000):
        found = KEY.fullmatch(name)
        steps = re.findall(r"\[([^\[\]]*)\]", found[2]) if found else []
        if found is None or len(steps) > DEPTH:
            raise ApiError(400, f"Invalid request: the parameter name {name[:80]!r} cannot be read")
        _put(tree, [found[1], *steps], value)
    return tree


def _put(tree: dict[str, Any], steps: list[str], value: str) -> None:
    """`a[][b]` goes on with the last element until `b` comes again, as Rack reads it."""
    head, rest = steps[0], steps[1:]
    if head == "":
        last = str(len(tree) - 1)
        fresh = not rest or last not in tree or not isinstance(tree[last], dict) or rest[0] in tree[last]
        head = str(len(tree)) if fresh else last
    if not rest:
        tree[head] = value
        return
    if not isinstance(tree.get(head), dict):
        tree[head] = {}
    _put(tree[head], rest, value)


def name_of(path: tuple[str, ...]) -> str:
    """`("recurring", "interval")` -> `recurring[interval]`."""
    return path[0] + "".join(f"[{step}]" for step in path[1:]) if path else ""
