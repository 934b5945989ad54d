"""A delivery that somebody kept: a raw body beside its header, a captured HTTP request, or a function's logged event."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any

from opskit.core.errors import OpskitError

START = re.compile(rb"(?:[A-Z]+ \S+ HTTP/\d|[A-Za-z-]+:[ \t])")
NAME = "stripe-signature"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`header` is None where none came with the body; `length` is what Content-Length said."""

    body: bytes
    header: str | None = None
    length: int | None = None


def read_delivery(data: bytes, header: str | None = None) -> Delivery:
    """The shape is told by the bytes: `POST / HTTP/1.1` or header lines, `{"headers", "body"}`, else the body itself.

    `header` given by hand wins.
    """
    found = _captured(data) or _event(data) or Delivery(data)
    return Delivery(found.body, _bare(header) if header is not None else found.header, found.length)


def _captured(data: bytes) -> Delivery | None:
    if not START.match(data):
        return None
    head, blank, body = re.sub(rb"\r\n", b"\n", data, count=data[: _end(data)].count(b"\r\n")).partition(b"\n\n")
    lines = [line.partition(":") for line in head.decode("latin-1").split("\n")]
    named = {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
    if not blank or NAME not in named:
        return None
    length = named.get("content-length", "")
    return Delivery(body, named[NAME], int(length) if length.isdigit() else None)


def _end(data: bytes) -> int:
    """Where the head ends, its blank line with it; line ends of the body are the sender's and stay."""
    at = data.find(b"\r\n\r\n")
    return at + 4 if at >= 0 else 0


def _event(data: bytes) -> Delivery | None:
    """What Netlify, Lambda and API Gateway hand to a function, as it stands in their logs."""
    try:
        raw: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("headers"), dict) or not isinstance(raw.get("body"), str):
        return None
    named = {str(name).lower(): str(value) for name, value in raw["headers"].items()}
    length = named.get("content-length", "")
    return Delivery(_decoded(raw), named.get(NAME), int(length) if length.isdigit() else None)


def _decoded(raw: dict[str, Any]) -> bytes:
    if not raw.get("isBase64Encoded"):
        return str(raw["body"]).encode()
    try:
        return base64.b64decode(raw["body"], validate=True)
    except binascii.Error as error:
        raise OpskitError("the event says isBase64Encoded, and its body is not base64", code="OPS-H022",
                          help="copy the body whole; a log may have cut it") from error


def _bare(header: str) -> str:
    """The value alone, where the whole header line was copied, or quotes around it."""
    name, colon, value = header.strip().strip("'\"").partition(":")
    return value.strip() if colon and name.strip().lower() == NAME else header.strip().strip("'\"")
