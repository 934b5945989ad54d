"""Every document of a YAML file with byte spans, also where the file is a Helm template in its plain form.

A line of template actions alone says nothing to YAML and is blanked; an expression inside a line becomes a word of the same
length, so that every span is the file's own (helm.sh/docs/chart_template_guide).
"""

import re
from dataclasses import dataclass

from opskit.source.located import Located
from opskit.source.yaml_text import read_part

ACTION = re.compile(rb"\{\{.*?\}\}", re.S)
ALONE = re.compile(rb"^[ \t]*(?:(?:- )?\{\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\}[ \t]*)+\r?$", re.M)
MARK = re.compile(rb"^---(?=[ \t\r]|$)[^\n]*\n?", re.M)


@dataclass(frozen=True, slots=True)
class Documents:
    """`found` are the documents that could be read, `unread` where the others start (byte offsets)."""

    found: tuple[Located, ...] = ()
    unread: tuple[int, ...] = ()


def documents(data: bytes, wanted: re.Pattern[bytes]) -> Documents:
    """The documents that hold `wanted`; the others are not even parsed. Never raises."""
    text = plain(data) if b"{{" in data else data
    starts = [0, *(m.end() for m in MARK.finditer(text))]
    ends = [*(m.start() for m in MARK.finditer(text)), len(text)]
    found, unread = [], []
    for start, end in zip(starts, ends, strict=True):
        if not wanted.search(text, start, end):
            continue
        document = read_part(text[start:end], start)
        if document is not None:
            found.append(document)
        else:
            unread.append(start)
    return Documents(tuple(found), tuple(unread))


def plain(data: bytes) -> bytes:
    """The template as YAML of the same length."""
    text = ALONE.sub(lambda m: re.sub(rb"[^\n]", b" ", m[0]), data)
    return ACTION.sub(lambda m: re.sub(rb"[^\n]", b"X", m[0]), text)
