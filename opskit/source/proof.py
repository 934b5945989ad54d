"""Before a file is written: it must still read as what it is. A reason when it does not, else ""."""

import json
import tomllib

from opskit.source.python import read_python


def prove(path: str, before: bytes | None, after: bytes | None) -> str:
    """A file that parsed before must parse after; a new file must parse. Languages without a reader here pass."""
    if after is None:
        return ""
    return _reason(path, after) if before is None or not _reason(path, before) else ""


def _reason(path: str, data: bytes) -> str:
    name = path.lower()
    try:
        if name.endswith(".py"):
            return read_python(path, data).error
        if name.endswith(".json"):
            json.loads(data.decode("utf-8-sig"))
        elif name.endswith(".toml"):
            tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        return f"would no longer parse: {error}"
    return ""
