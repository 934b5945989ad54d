"""One SQL file examined: what PostgreSQL would refuse, what MySQL left in it, and the edits that mend a table."""

from collections.abc import Iterator
from dataclasses import dataclass

from opskit.pg.grammar import refused
from opskit.pg.mysql import Construct, constructs, dialect_of
from opskit.pg.mysql_moves import Edit, Moved, apply_edits, index_items, move_indexes, proof
from opskit.pg.mysql_types import convert_table, spelling
from opskit.pg.objects import objects_of
from opskit.pg.scan import Piece, scan
from opskit.pg.table import Table, parse_table
from opskit.pg.words import words_of

LARGE = 1 << 16
TEMPLATES = (b"{{", b"{%", b"${", b"<%")
SPELLED = frozenset(("backtick", "hash comment"))
KEPT = frozenset(("index", "unique key", "fulltext", "spatial"))


@dataclass(frozen=True, slots=True)
class Repair:
    """A table that wants mending. `indexes` and `comma` are spans; `edits` stand together; `reason` says why there are none.
    `reviewed` are the edits for a person to look at, which turn all of MySQL's constructs in it."""

    table: str
    start: int
    indexes: tuple[tuple[int, int], ...]
    comma: tuple[int, int] | None
    end: int
    edits: tuple[Edit, ...]
    reviewed: tuple[Edit, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that the server would refuse."""

    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Script:
    """What was seen in one file. `foreign` are MySQL's other constructs, `puzzles` statements that are a template's text."""

    path: str
    dialect: str
    repairs: tuple[Repair, ...]
    faults: tuple[Fault, ...]
    foreign: tuple[Construct, ...]
    puzzles: tuple[Fault, ...]


def read_schema(path: str, data: bytes) -> Script:
    """Never raises."""
    dialect, reader = dialect_of(data), _Reader(data)
    if dialect in ("mysql", "sqlite"):
        return Script(path, dialect, (), (), (), ())
    for piece in scan(data):
        if piece.kind == "statement":
            reader.see(piece)
        elif piece.kind == "space":
            reader.comments(piece)
    return Script(path, dialect, tuple(reader.repairs), tuple(reader.faults), tuple(reader.foreign), tuple(reader.puzzles))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.taken = data, words_of(data)
        self.repairs, self.faults = list[Repair](), list[Fault]()
        self.foreign, self.puzzles = list[Construct](), list[Fault]()
        self.made = dict[tuple[str, str, str], int]()

    def see(self, piece: Piece) -> None:
        raw = self.data[piece.start : piece.end]
        if piece.end - piece.start > LARGE and piece.words[:1] != ("create",):
            return
        if any(mark in raw for mark in TEMPLATES):
            self.puzzles.append(Fault(piece.start, piece.start + 1, "a template's text, not SQL as it stands"))
            return
        table = parse_table(self.data, piece.start, piece.end, closed=piece.closed) if piece.words[:1] == ("create",) else None
        foreign = [c for c in constructs(self.data, piece, table) if c.kind not in KEPT]
        self.foreign += foreign
        if piece.words[:1] == ("drop",) or (piece.words[:1] == ("alter",) and b"rename" in raw.lower()):
            self._forget(raw)
        if table and (foreign or index_items(table) or _last_comma(table)):
            self._table(table, foreign)
        elif foreign and all(c.kind in SPELLED for c in foreign):
            self._spelled(piece, foreign)
        elif not foreign and not self._refused(piece.start, raw) and piece.words[:1] == ("create",):
            self._names(piece.start, raw)

    def _spelled(self, piece: Piece, foreign: list[Construct]) -> None:
        """Another statement that only spells its names or comments as MySQL does."""
        edits = tuple(spelling(self.data, construct) for construct in foreign)
        fault = refused(apply_edits(self.data, edits, piece.start, piece.end))
        self.repairs.append(
            Repair("a statement", piece.start, (), None, piece.end, (), () if fault else edits, fault.message if fault else "")
        )

    def comments(self, piece: Piece) -> None:
        """MySQL's `#` comments between statements."""
        hashes = [c for c in constructs(self.data, piece, None) if c.kind == "hash comment"]
        for each in hashes:
            edit = spelling(self.data, each)
            self.repairs.append(Repair("a comment", each.start, (), None, each.end, (edit,), (edit,), ""))
        self.foreign += hashes

    def _table(self, table: Table, foreign: list[Construct]) -> None:
        converted = convert_table(self.data, table, foreign, set(self.taken)) if foreign else Moved()
        unproved = converted.reason or proof(self.data, table, converted.edits)
        reviewed = () if unproved else converted.edits
        moved = move_indexes(self.data, table, self.taken)
        reason = moved.reason or (proof(self.data, table, moved.edits) if moved.edits else "")
        if reason and foreign and not moved.reason:
            reason = unproved or "other constructs of MySQL stand in the same table (--review turns them)"
        spans = tuple((item.start, item.end) for item in index_items(table))
        edits = () if reason else moved.edits
        self.repairs.append(Repair(table.short, table.start, spans, _last_comma(table), table.end, edits, reviewed, reason))
        self._note(("relation", "public", table.short), table.start, table.guarded)

    def _refused(self, start: int, raw: bytes) -> bool:
        fault = refused(raw)
        if fault:
            at = start + max(0, fault.offset)
            self.faults.append(Fault(at, min(at + 1, start + len(raw)), fault.message))
        return fault is not None

    def _names(self, start: int, raw: bytes) -> None:
        for made in objects_of(raw.decode("utf-8", "replace")):
            if made.made in ("relation", "type"):
                at = start + max(0, raw.lower().find(made.name.lower().encode()))
                self._note(made.key, at, made.guarded)

    def _forget(self, raw: bytes) -> None:
        """A name that is dropped or renamed on the way is free again."""
        gone = words_of(raw)
        self.made = {key: at for key, at in self.made.items() if key[2] not in gone}

    def _note(self, key: tuple[str, str, str], at: int, guarded: bool) -> None:
        if key in self.made and not guarded:
            line = self.data.count(b"\n", 0, self.made[key]) + 1
            self.faults.append(Fault(at, at + len(key[2]), f"the name {key[2]} is taken: line {line} creates it"))
        self.made.setdefault(key, at)


def _last_comma(table: Table) -> tuple[int, int] | None:
    comma = table.items[-1].comma if table.items else -1
    return (comma, comma + 1) if comma >= 0 else None


def spans_of(script: Script) -> Iterator[tuple[int, int]]:
    """Every index of MySQL, for counting."""
    return (span for repair in script.repairs for span in repair.indexes)
