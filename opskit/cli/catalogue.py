"""Every diagnostic code of every room, for `explain`, SARIF and the docs pages."""

import importlib

from opskit.core.codes import Code

ROOMS = ("cli", "env", "db", "stripe", "paths", "deps", "ports", "services")


def catalogue() -> dict[str, Code]:
    return {code.code: code for room in ROOMS for code in importlib.import_module(f"opskit.{room}.codes").CODES}
