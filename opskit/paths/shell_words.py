"""How a place of a shell script is quoted: read from the file's start, for a quote before it on the line may belong to another word."""

import re
from typing import Literal

Quoting = Literal["", "'", '"']

HEREDOC = re.compile(rb"<<[-~]?\s*(['\"]?)(\w+)\1[^\n]*\n.*?^\s*\2\s*$", re.M | re.S)
_MARK = re.compile(rb"\\.|\$?'|\"|\(|\)|#|<<(?!<)", re.S)
_COMMENTED = b" \t\n;&|("


def quoting(data: bytes, at: int) -> Quoting:
    """What the byte at `at` stands between: no quotes, single or double ones (POSIX shell, 2.2 Quoting and 2.3 Token Recognition)."""
    open_, here = [b""], 0
    while (mark := _MARK.search(data, here)) and mark.start() < at:
        here, sign, inside = mark.end(), mark[0], open_[-1] == b'"'
        if sign == b'"':
            open_.pop() if inside else open_.append(b'"')
        elif sign == b"(" and (not inside or data[mark.start() - 1 : mark.start()] == b"$"):
            open_.append(b"(")
        elif sign == b")" and open_[-1] == b"(":
            open_.pop()
        elif not inside and sign in (b"'", b"$'"):
            here = _closed(data, mark.end(), sign == b"$'")
            if here > at:
                return "'"
        elif not inside and sign == b"#" and (not mark.start() or data[mark.start() - 1] in _COMMENTED):
            here = _found(data, b"\n", mark.end())
        elif not inside and sign == b"<<" and (document := HEREDOC.match(data, mark.start())):
            here = document.end()
    return '"' if open_[-1] == b'"' else ""


def _closed(data: bytes, at: int, escapes: bool) -> int:
    """Behind the single quote that ends the text from `at`."""
    while escapes and (sign := re.compile(rb"\\.|'", re.S).search(data, at)):
        at = sign.end()
        if sign[0] == b"'":
            return at
    return _found(data, b"'", at) + 1


def _found(data: bytes, sign: bytes, at: int) -> int:
    found = data.find(sign, at)
    return len(data) if found < 0 else found
