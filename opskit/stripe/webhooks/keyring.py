"""Every webhook secret that a platform's environment knows, by name and place; never shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opskit.core.secret import Secret
from opskit.core.tree import Tree
from opskit.core.vendors import keys_of
from opskit.source.dotenv import is_values_file, read_dotenv

PREFIX = "whsec_"
STAGES = ("", ".local", ".development", ".production", ".staging", ".test", ".development.local", ".production.local")


@dataclass(frozen=True, slots=True)
class Known:
    """One secret: the variable it stands in and where ("the environment", ".env.production")."""

    name: str
    source: str
    secret: Secret


def keyring(tree: Tree, environ: Mapping[str, str], folders: Iterable[str] = ()) -> tuple[Known, ...]:
    """The process environment first, then dotenv files by name in the root and in `folders`, each value once a name."""
    found: dict[tuple[str, str], Known] = {}
    for source, values in (("the environment", environ), *_files(tree, folders)):
        for name, value in values.items():
            if _is_secret(name, value):
                found.setdefault((name, value), Known(name, source, Secret(value)))
    return tuple(found.values())


def chosen(known: Iterable[Known], name: str) -> Known | None:
    """The one that counts for a variable: the environment's, else the first file's."""
    return next((k for k in known if k.name == name), None)


def modes(tree: Tree, environ: Mapping[str, str]) -> dict[str, str]:
    """Source -> "test" or "live", by the secret API key that stands beside the webhook secret there."""
    found: dict[str, str] = {}
    for source, values in (("the environment", environ), *_files(tree, ())):
        for value in values.values():
            if value.startswith(("sk_live_", "rk_live_", "sk_test_", "rk_test_")):
                found.setdefault(source, value.split("_")[1])
    return found


def _files(tree: Tree, folders: Iterable[str]) -> list[tuple[str, Mapping[str, str]]]:
    """`.env.local` before `.env`, as they win over one another."""
    names = [".env.local", *(f".env{stage}" for stage in STAGES if stage != ".local")]
    paths = dict.fromkeys([f"{folder}/{name}".removeprefix("./") if folder else name for folder in ("", *folders) for name in names])
    paths.update(dict.fromkeys(p for p in tree.files if is_values_file(p)))
    parsed = ((path, tree.parsed(path, read_dotenv)) for path in paths)
    return [(path, source.values) for path, source in parsed if source is not None]


def _is_secret(name: str, value: str) -> bool:
    named = any(key.kind == "webhook secret" for key in keys_of(name)) or ("WEBHOOK" in name.upper() and "SECRET" in name.upper())
    return bool(value.strip()) and (value.startswith(PREFIX) or named)
