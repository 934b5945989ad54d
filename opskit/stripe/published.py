"""What Stripe publishes, read from the generated types of the installed `stripe` package without importing it (half a second)."""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

CREATE = ("params", "_webhook_endpoint_create_params.py")


@cache
def _literals() -> dict[str, frozenset[str]]:
    """The strings of every `Literal` in WebhookEndpointCreateParams, by field. Source: the package is generated from
    Stripe's OpenAPI specification."""
    spec = find_spec("stripe")
    if spec is None or not spec.submodule_search_locations:
        return {}
    tree = ast.parse(Path(spec.submodule_search_locations[0], *CREATE).read_bytes())
    fields = [n for n in ast.walk(tree) if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
    return {f.target.id: frozenset(_strings(f.annotation)) for f in fields if isinstance(f.target, ast.Name)}


def _strings(node: ast.AST) -> list[str]:
    found = []
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            text = each.value
            found += _strings(ast.parse(text, mode="eval")) if "[" in text else [text]
    return found


def events() -> frozenset[str]:
    """Every type of event that an endpoint can ask for, `*` among them."""
    return _literals().get("enabled_events", frozenset())


def versions() -> frozenset[str]:
    """Every API version that an endpoint can be given."""
    return _literals().get("api_version", frozenset())
