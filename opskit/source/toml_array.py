"""Where the strings of one TOML array stand, in bytes: TOML libraries give values or a document, never offsets."""

import re
from dataclasses import dataclass

TOKEN = re.compile(rb'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]', re.S)


@dataclass(frozen=True, slots=True)
class Array:
    """`start` is the offset after `[`, `end` that of `]`; `items` spans of the strings with their quotes, those inside
    inline tables left out."""

    start: int
    end: int
    items: tuple[tuple[int, int], ...]


def table_span(data: bytes, header: str) -> tuple[int, int] | None:
    """(end of the header's line, end of the table) of `[header]`, None where there is none."""
    dotted = rb"\s*\.\s*".join(rb"(?:\"%b\"|'%b'|%b)" % ((re.escape(part.encode()),) * 3) for part in header.split("."))
    found = re.search(rb"^[ \t]*\[[ \t]*" + dotted + rb"[ \t]*\][^\n]*\n?", data, re.M)
    if found is None:
        return None
    following = re.search(rb"^[ \t]*\[\[?[ \t]*[A-Za-z\"'][^\]\n=,]*\]\]?[ \t]*(?:#[^\n]*)?\r?$", data[found.end() :], re.M)
    return found.end(), found.end() + following.start() if following else len(data)


def find_array(data: bytes, header: str, key: str) -> Array | None:
    """The array under `key` of `[header]`; None where it is written in a form that this does not follow (dotted keys)."""
    span = table_span(data, header)
    if span is None:
        return None
    quoted = re.escape(key.encode())
    opening = re.compile(rb"^[ \t]*(?:\"%b\"|'%b'|%b)[ \t]*=[ \t]*\[" % (quoted, quoted, quoted), re.M).search(data, *span)
    if opening is None:
        return None
    items, depth, inside = list[tuple[int, int]](), 1, 0
    for token in TOKEN.finditer(data, opening.end()):
        match token[0][:1]:
            case b"[":
                depth += 1
            case b"{":
                inside += 1
            case b"}":
                inside -= 1
            case b"]":
                depth -= 1
                if not depth:
                    return Array(opening.end(), token.start(), tuple(items))
            case b'"' | b"'" if depth == 1 and not inside:
                items.append(token.span())
    return None


def find_key(data: bytes, header: str, key: str) -> tuple[int, int] | None:
    """The span of the line that sets `key` in `[header]`, without its end; case and `-`/`_`/`.` of the key do not count."""
    span = table_span(data, header)
    if span is None:
        return None
    loose = re.sub(rb"(?:\\?[-_.])+", rb"[-_.]+", key.encode())
    found = re.compile(rb"^[ \t]*[\"']?" + loose + rb"[\"']?[ \t]*=[^\n]*", re.M | re.I).search(data, *span)
    return (found.start() + len(found[0]) - len(found[0].lstrip()), found.end() - found[0].endswith(b"\r")) if found else None
