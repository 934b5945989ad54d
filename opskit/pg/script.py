"""A psql script as steps that one connection can carry out: includes resolved, meta-commands judged, COPY data at hand."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from opskit.core.errors import OpskitError
from opskit.core.place import Lines, Place
from opskit.pg.scan import Piece, scan

Read = Callable[[str], bytes | None]
DUMP = re.compile(rb"^-- PostgreSQL database(?: cluster)? dump", re.M)
QUIET_METAS = frozenset("restrict unrestrict set unset echo qecho warn timing pset encoding x a t html h ? errverbose prompt".split())
ENDS = frozenset(("commit", "end", "rollback", "abort", "prepare"))
OUTSIDE = re.compile(
    r"\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY|DROP\s+INDEX\s+CONCURRENTLY|REINDEX\b.*\bCONCURRENTLY|VACUUM\b|CREATE\s+DATABASE|DROP\s+DATABASE"
    r"|ALTER\s+SYSTEM|CREATE\s+TABLESPACE|DROP\s+TABLESPACE|CREATE\s+SUBSCRIPTION|CLUSTER\s*;|ALTER\s+DATABASE\s+\S+\s+SET\s+TABLESPACE)",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One statement with its span; `data` are the rows of a COPY. `lenient` may fail on a role or setting this server lacks."""

    path: str
    start: int
    end: int
    text: str
    words: tuple[str, ...]
    data: bytes | None = None
    lenient: bool = False

    @property
    def outside(self) -> bool:
        """PostgreSQL refuses it inside a transaction."""
        return OUTSIDE.match(_bare(self.text)) is not None


@dataclass(frozen=True, slots=True)
class Left:
    """What of the script is not carried out, and why."""

    place: Place
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """`digest` is the SHA-256 over all files in the order they are read."""

    path: str
    steps: tuple[Step, ...]
    left: tuple[Left, ...]
    digest: str
    files: dict[str, bytes]

    def place(self, step: Step, start: int | None = None, end: int | None = None) -> Place:
        lines = Lines(self.files[step.path])
        return lines.place(step.path, step.start if start is None else start, step.end if end is None else end)


def by_reason(left: Iterable[Left]) -> dict[str, list[Left]]:
    """A dump leaves out the same thing for the same reason many times."""
    groups = dict[str, list[Left]]()
    for each in left:
        groups.setdefault(each.what, []).append(each)
    return groups


def read_script(path: str, read: Read) -> Script:
    """Raises OpskitError, with its place, for what no connection can carry out (UTF-16, \\if, COPY FROM a file of the client)."""
    reader = _Reader(read)
    steps = tuple(reader.steps(path, ()))
    digest = hashlib.sha256(b"\0".join(reader.files.values())).hexdigest()
    return Script(path, steps, tuple(reader.left), digest, reader.files)


class _Reader:
    def __init__(self, read: Read) -> None:
        self.read, self.files, self.left = read, dict[str, bytes](), list[Left]()

    def steps(self, path: str, within: tuple[str, ...]) -> Iterator[Step]:
        data = self._load(path, within)
        is_dump, pieces = bool(DUMP.search(data, 0, 4096)), scan(data)
        for at, piece in enumerate(pieces):
            if piece.kind == "meta":
                yield from self._meta(path, data, piece, within)
            elif piece.kind == "statement":
                after = next((p for p in pieces[at + 1 : at + 3] if p.kind != "space"), None)
                yield from self._statement(path, data, piece, after, is_dump)

    def _load(self, path: str, within: tuple[str, ...]) -> bytes:
        data = self.read(path)
        if data is None:
            raise OpskitError(
                f"{path} is not there or cannot be read", code="OPS-D011", place=Place(within[-1]) if within else None, help="mend the path"
            )
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise OpskitError(
                f"{path} is in UTF-16, as PowerShell's `>` writes it", code="OPS-D011", place=Place(path, 1, 1), help="save it as UTF-8"
            )
        self.files[path] = data
        return data

    def _meta(self, path: str, data: bytes, piece: Piece, within: tuple[str, ...]) -> Iterator[Step]:
        words = data[piece.start : piece.end].decode("utf-8", "replace").split()
        name, place = words[0][1:], Lines(data).place(path, piece.start, piece.end)
        if name in ("i", "include", "ir", "include_relative") and len(words) > 1:
            target = words[1].strip("'\"")
            found = (
                normpath(join(dirname(path), target))
                if name in ("ir", "include_relative") or self.read(target) is None
                else normpath(target)
            )
            if found.startswith(("..", "/")) or found in (*within, path):
                raise OpskitError(
                    f"{words[0]} {target} leads {'out of the platform' if found[:1] in './' else 'back to itself'}",
                    code="OPS-D011",
                    place=place,
                    help="include files of the platform, each once",
                )
            yield from self.steps(found, (*within, path))
        elif name in ("connect", "c"):
            self.left.append(Left(place, "\\connect: opskit stays in the database that DATABASE_URL names"))
        elif name not in QUIET_METAS:
            raise OpskitError(
                f"psql's `{words[0]}` cannot be carried out here",
                code="OPS-D011",
                place=place,
                help="take the line out, or load the file with psql",
            )

    def _statement(self, path: str, data: bytes, piece: Piece, after: Piece | None, is_dump: bool) -> Iterator[Step]:
        raw, words = data[piece.start : piece.end], piece.words
        place = Lines(data).place(path, piece.start, piece.end)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise OpskitError(
                "these bytes are not UTF-8",
                code="OPS-D011",
                help="save the file as UTF-8",
                place=Lines(data).place(path, piece.start + error.start, piece.start + error.end),
            ) from error
        if not text.strip().strip(";"):
            return
        if words[:1] in (("begin",), ("commit",), ("end",)) or words[:2] == ("start", "transaction"):
            return
        if words[:1] and words[0] in ENDS:
            raise OpskitError(
                f"`{words[0].upper()}` would end the one transaction that the script runs in",
                code="OPS-D011",
                place=place,
                help="take it out",
            )
        if words[:2] in (("create", "database"), ("drop", "database")):
            self.left.append(Left(place, f"{' '.join(words[:2]).upper()}: opskit stays in the database that DATABASE_URL names"))
            return
        copies = words[:1] == ("copy",) and after is not None and after.kind == "data"
        rows = _rows(data, after) if copies and after else None
        yield Step(path, piece.start, piece.end, text, words, rows, _is_lenient(words, text, is_dump))


def _rows(data: bytes, piece: Piece) -> bytes:
    """The data without its end marker."""
    return re.sub(rb"(?:^|(?<=\n))\\\.[ \t]*\r?\n?\Z", b"", data[piece.start : piece.end])


def _is_lenient(words: tuple[str, ...], text: str, is_dump: bool) -> bool:
    """A newer server's dump sets what an older one has not; any dump names roles that only its own server had."""
    if words[:1] == ("set",):
        return True
    return is_dump and (
        words[:1] in (("grant",), ("revoke",))
        or bool(re.search(r"\bOWNER TO\b|\bDEFAULT PRIVILEGES\b|^\s*COMMENT ON EXTENSION\b", text, re.I))
    )


def _bare(text: str) -> str:
    """Without comments before the first word."""
    return re.sub(r"\A(?:\s+|--[^\n]*\n|/\*.*?\*/)*", "", text, flags=re.S)
