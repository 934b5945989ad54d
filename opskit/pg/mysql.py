"""MySQL's constructs in a SQL script, each with its span: sighted over tokens, whatever file they stand in.

Source: MySQL 8.4 manual 15.1.20 (CREATE TABLE), 11.3 (data types), 13.1 and 9.7 (comments).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opskit.pg.scan import Piece, scan
from opskit.pg.table import Item, Table, parse_table
from opskit.pg.tokens import Dialect, Token, tokens

TYPES = frozenset("tinyint mediumint datetime tinytext mediumtext longtext tinyblob mediumblob longblob blob year double".split())
OPTIONS = frozenset("engine auto_increment charset row_format collate comment key_block_size checksum delay_key_write".split())
SIGNS = re.compile(
    rb"\bENGINE\s*=|\bAUTO_INCREMENT\b|^-- MySQL dump|^-- MariaDB dump|phpMyAdmin|/\*!\d{5}|\bUNSIGNED\b"
    rb"|CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?`"
    rb"|^\s*USE\s+\w+\s*;|^\s*CREATE\s+DATABASE\s+IF\s+NOT\s+EXISTS\b"
    rb"|\bDEFAULT\s+CHARSET\b|\bCHARACTER\s+SET\s*=?\s*utf8|\bLOCK\s+TABLES\b",
    re.I | re.M,
)
NATIVE = re.compile(
    rb"\b(?:BIG|SMALL)?SERIAL\b|\bJSONB\b|\bTIMESTAMPTZ\b|\bWITH\s+TIME\s+ZONE\b|::[a-z]|\bBYTEA\b|\bLANGUAGE\s+'?plpgsql|\$\$"
    rb"|\bTEXT\[\]|\bgen_random_uuid\b|\buuid_generate_v\d|^-- PostgreSQL database dump"
    rb"|\bCREATE\s+EXTENSION\b|\bUSING\s+(?:gin|gist|brin)\b"
    rb"|\bGENERATED\s+(?:ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY\b|\bROW\s+LEVEL\s+SECURITY\b|\bnextval\s*\(",
    re.I | re.M,
)
SQLITE = re.compile(rb"\bAUTOINCREMENT\b|^\s*PRAGMA\s|\bWITHOUT\s+ROWID\b|\bstrftime\s*\(|\bsqlite_", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Construct:
    """`kind` is a short name (`auto_increment`, `engine`, ...); the span is what would be changed."""

    kind: str
    start: int
    end: int


def dialect_of(data: bytes) -> str:
    """postgresql, mysql, sqlite, mixed (PostgreSQL with MySQL in it) or plain (standard SQL, nothing that tells)."""
    native, mysql, sqlite = NATIVE.search(data), SIGNS.search(data), SQLITE.search(data)
    if native:
        return "mixed" if mysql else "postgresql"
    return "mysql" if mysql else "sqlite" if sqlite else "plain"


def find_tables(data: bytes, dialect: Dialect = "postgresql") -> Iterator[tuple[Piece, Table]]:
    """Every CREATE TABLE of the script with its parts."""
    for piece in scan(data, dialect):
        if piece.kind == "statement" and piece.words[:1] == ("create",) and "table" in piece.words:
            table = parse_table(data, piece.start, piece.end, dialect, piece.closed)
            if table:
                yield piece, table


def constructs(data: bytes, piece: Piece, table: Table | None, dialect: Dialect = "postgresql") -> Iterator[Construct]:
    """What in one statement only MySQL understands, in order."""
    if table:
        for item in table.items:
            if item.kind in ("index", "fulltext", "spatial") or (item.kind == "unique" and is_mysql_unique(item)):
                yield Construct("unique key" if item.kind == "unique" else item.kind, item.start, item.end)
            elif item.kind == "column":
                yield from _in_column(item)
        yield from _in_options(table.options)
    for token in tokens(data, piece.start, piece.end, dialect):
        if token.kind == "name" and data[token.start : token.start + 1] == b"`":
            yield Construct("backtick", token.start, token.end)
        elif token.kind == "comment" and data[token.start : token.end].lstrip(b" \t").startswith(b"#"):
            yield Construct("hash comment", token.start, token.end)
        elif token.kind == "comment" and data.startswith(b"/*!", token.start):
            yield Construct("version comment", token.start, token.end)


def is_mysql_unique(item: Item) -> bool:
    """`UNIQUE KEY name (a)` or `UNIQUE name (a)`; PostgreSQL's own is `UNIQUE (a)`."""
    at = next(i for i, token in enumerate(item.solid) if token.text == "unique")
    second = item.solid[at + 1] if len(item.solid) > at + 1 else None
    return bool(second and second.text not in ("(", "nulls", "using"))


def _in_column(item: Item) -> Iterator[Construct]:
    solid = item.solid
    words = [t.text if t.kind == "word" else "" for t in solid]
    if len(words) > 1 and words[1] in TYPES and not (words[1] == "double" and words[2:3] == ["precision"]):
        yield Construct(words[1], solid[1].start, _type_end(solid, 1))
    elif len(words) > 2 and words[1] == "enum" and solid[2].text == "(":
        yield Construct("enum", solid[1].start, _type_end(solid, 1))
    elif len(words) > 2 and words[1] in ("int", "integer", "bigint", "smallint") and solid[2].text == "(":
        yield Construct("display width", solid[2].start, _type_end(solid, 1))
    for at, word in enumerate(words[1:], 1):
        if word in ("auto_increment", "unsigned", "zerofill"):
            yield Construct(word, solid[at].start, solid[at].end)
        elif word == "on" and words[at + 1 : at + 2] == ["update"] and words[at + 2 : at + 3] in (["current_timestamp"], ["now"]):
            yield Construct("on update", solid[at].start, _type_end(solid, at + 2))
        elif word == "comment" and at + 1 < len(solid) and solid[at + 1].kind == "string":
            yield Construct("comment", solid[at].start, solid[at + 1].end)
        elif word == "character" and words[at + 1 : at + 2] == ["set"] and at + 2 < len(solid):
            yield Construct("charset", solid[at].start, solid[at + 2].end)


def _type_end(solid: Sequence[Token], at: int) -> int:
    """Past the type's own parentheses."""
    if at + 1 >= len(solid) or solid[at + 1].text != "(":
        return solid[at].end
    close = next((t for t in solid[at + 1 :] if t.text == ")"), solid[-1])
    return close.end


def _in_options(options: Sequence[Token]) -> Iterator[Construct]:
    names = [t for t in options if t.kind == "word" and t.text in OPTIONS]
    if names and options:
        yield Construct("table options", options[0].start, options[-1].end)
