"""The table of operations kept on disk by the SDK's version, so that a start need not read 250 files again."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from opskit.core.state import write_private
from opskit.sandbox.stripe.spec.shapes import Operation

FORMAT = 1


def cache_folder() -> Path:
    """The user's cache folder as each system has it (XDG base directories; Apple's and Microsoft's own names)."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "opskit" / "stripe"


def cached(package: Path, version: str, read: Callable[[Path], list[Operation]]) -> list[Operation]:
    """What `read` gives, from the cache where it holds this version. A cache that cannot be read or written is done without."""
    file = cache_folder() / f"operations-{version}-{FORMAT}.json"
    try:
        return [Operation(**row) for row in json.loads(file.read_bytes())]
    except (OSError, ValueError, TypeError):
        rows = read(package)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, json.dumps([asdict(row) for row in rows]).encode())
    except OSError:
        pass
    return rows
