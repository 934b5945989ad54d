"""Whether what is written to a stream may be in colour."""

import os
from typing import TextIO


def coloured(stream: TextIO) -> bool:
    """Never with NO_COLOR (no-color.org) or TERM=dumb; else on a terminal, or wherever FORCE_COLOR wants it."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty() or bool(os.environ.get("FORCE_COLOR"))
