"""What a PowerShell expression is, where it is written out: strings, lists, hash tables, Join-Path, Split-Path."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from opskit.source.powershell_text import closing, listed, tokens
from opskit.source.shell_steps import HERE
from opskit.source.traced import Traced, made

Value: TypeAlias = "Traced | list[Value] | dict[str, Value]"
Filling = Callable[[Traced], Traced]
Access: TypeAlias = "Callable[[str], Value | None]"

CAST = re.compile(r"(?:\[[\w.\[\]]+\]\s*)+(?=[@$\"'(\d])")
ENTRY = re.compile(r"(?P<key>[\"']?[\w .-]+?[\"']?)\s*=\s*", re.S)
COMMAND = re.compile(r"(?P<name>Join-Path|Split-Path|Resolve-Path|Convert-Path)\b\s*", re.I)
ENUMERATED = re.compile(r"(?P<name>\$[\w.]+)\.GetEnumerator\(\)\Z", re.I)


def value_of(filling: Filling, access: Access, said: Traced) -> Value:
    """A text where nothing better is known."""
    said = said.stripped()
    if cast := CAST.match(said.text):
        said = said.cut(cast.end())
    text = said.text
    if (known := access(text)) is not None:
        return known
    if (found := ENUMERATED.match(text)) and isinstance(table := access(found["name"]), dict):
        return [{"key": made(key), "name": made(key), "value": value} for key, value in table.items()]
    if text.startswith("@{") and closing(text, 1) == len(text) - 1:
        return _table(filling, access, said.cut(2, -1))
    opened = 1 if text.startswith("@(") else 0 if text.startswith("(") else -1
    if opened >= 0 and closing(text, opened) >= len(text.removesuffix(".Path")) - 1:
        inner = said.cut(opened + 1, closing(text, opened))
        if opened:
            return [value_of(filling, access, part) for part in listed(inner, ",\n;")]
        return value_of(filling, access, inner)
    if len(parts := listed(said, ",")) > 1:
        return [value_of(filling, access, part) for part in parts]
    return _text(filling, access, said)


def _table(filling: Filling, access: Access, said: Traced) -> dict[str, Value]:
    found = dict[str, Value]()
    for part in listed(said, ";\n"):
        if entry := ENTRY.match(part.text):
            found[entry["key"].strip("\"' ").lower()] = value_of(filling, access, part.cut(entry.end()))
    return found


def _text(filling: Filling, access: Access, said: Traced) -> Traced:
    text = said.text
    if text[:1] == "'" and text[-1:] == "'" and len(text) > 1:
        return filling(said.cut(1, -1))
    if text[:1] == '"' and text[-1:] == '"' and len(text) > 1:
        return filling(said.cut(1, -1)).filled(re.compile(r"`(?=[\"'])"), lambda m: made(""))
    if found := COMMAND.match(text):
        return _path(filling, access, found["name"].lower(), said.cut(found.end()))
    return filling(said)


def _path(filling: Filling, access: Access, name: str, said: Traced) -> Traced:
    words = [w for w in tokens(said) if not re.fullmatch(r"-\w+", w.text)]
    texts = [v for w in words if isinstance(v := value_of(filling, access, w), Traced)]
    if not texts:
        return filling(said)
    if name == "join-path" and len(texts) > 1:
        path = texts[0]
        for each in texts[1:]:
            path = path + made("/") + each
        return path
    if name == "split-path":
        return made(HERE) if texts[0].text == HERE + "/script" else texts[0] + made("/..")
    return texts[0]
