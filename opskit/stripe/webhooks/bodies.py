"""What programs do to a JSON body between Stripe and the check, undone one by one: the signed bytes are among the variants."""

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

BOM = b"\xef\xbb\xbf"
FORMS: tuple[dict[str, Any], ...] = ({"indent": 2}, {"separators": (",", ":")}, {}, {"indent": 4})


@dataclass(frozen=True, slots=True)
class Variant:
    body: bytes
    told: str


def variants(body: bytes) -> Iterator[Variant]:
    """Bodies that may have been the signed one, each once, with what then happened to it."""
    seen = {body}
    for variant in (*_trimmed(body), *_decoded(body), *_formatted(body)):
        if variant.body not in seen:
            seen.add(variant.body)
            yield variant


def _trimmed(body: bytes) -> Iterator[Variant]:
    yield Variant(body.rstrip(b"\r\n"), "given a line end")
    yield Variant(body + b"\n", "stripped of its last line end")
    yield Variant(body.removeprefix(BOM), "given a byte order mark")
    yield Variant(body.replace(b"\r\n", b"\n"), "given other line ends")
    yield Variant(body.replace(b"\n", b"\r\n"), "given other line ends")


def _decoded(body: bytes) -> Iterator[Variant]:
    with suppress(binascii.Error, ValueError):
        yield Variant(base64.b64decode(body.strip(), validate=True), "encoded as base64 (isBase64Encoded of a function's event)")
    with suppress(UnicodeError):
        yield Variant(body.decode().encode("latin-1"), "decoded as Latin-1 though it is UTF-8")
    with suppress(UnicodeError):
        yield Variant(body.decode().encode("cp1252"), "decoded as Windows-1252 though it is UTF-8")
    with suppress(ValueError, RecursionError):
        if isinstance(text := json.loads(body), str):
            yield Variant(text.encode("utf-8", "surrogatepass"), "wrapped as a JSON string")


def _formatted(body: bytes) -> Iterator[Variant]:
    """Parsed and written again: Stripe sends two spaces of indent and letters as they are, programs write other forms."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    for form in FORMS:
        for ascii_only in (False, True):
            written = json.dumps(document, ensure_ascii=ascii_only, **form).encode("utf-8", "surrogatepass")
            yield Variant(written, "parsed and written again (re-serialised)")
            yield Variant(written + b"\n", "parsed and written again (re-serialised)")


def cut(body: bytes, length: int | None) -> str:
    """How a body is seen to be incomplete, "" where it is not."""
    if length is not None and len(body) < length:
        return f"the body was cut: {len(body)} of {length} bytes are here"
    text = body.decode("utf-8", "replace").rstrip()
    if not text:
        return "the body is empty"
    try:
        json.loads(text)
    except RecursionError:
        return ""
    except json.JSONDecodeError as error:
        if text[0] in "{[" and (error.pos >= len(text) - 1 or error.msg.startswith("Unterminated")):
            return f"the body was cut: its JSON breaks off after {len(body)} bytes"
    return ""
