"""What the shell offers after TAB. Quick and silent: whatever cannot be read is offered as nothing."""

import tomllib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import typer

from opskit.core.tree import find_root
from opskit.survey.manifest import MANIFEST


def offer(words: Iterable[str]) -> Callable[[str], list[str]]:
    """A fixed choice: rooms, formats, codes."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


def service_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names under [services] of the manifest, also where another part of it is not as it should be."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        found = tomllib.loads((root_of(ctx) / MANIFEST).read_bytes().decode("utf-8-sig")).get("services", {})
        return [str(name) for name in found if name.startswith(incomplete)]
    return []


def root_of(ctx: typer.Context) -> Path:
    """The platform's folder as a command would find it; no command has been entered yet."""
    given = ctx.find_root().params.get("root")
    return Path(given) if given else find_root(Path.cwd())
