"""The SQL files of a platform: which one is the schema, which folders hold migrations, who does it without SQL files."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import basename, dirname

from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.pg.mysql import dialect_of
from opskit.pg.scan import scan
from opskit.pg.tokens import Dialect
from opskit.survey.manifest import MANIFEST

CREATES = re.compile(rb"\bCREATE\s+(?:TEMP(?:ORARY)?\s+|UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w\"`.\[\]$-]+)", re.I)
GOOD_NAME = re.compile(r"schema|structure|ddl|init|setup|create|database|tables?\b", re.I)
BAD_NAME = re.compile(
    r"backup|\bold\b|copy|test|fixture|example|sample|demo|legacy|archive|drop|rollback|\bdown\b|seed|mysql|sqlite|mssql|oracle|patch|update|upgrade|alter",
    re.I,
)
MIGRATION_FOLDERS = frozenset("migrations migration migrate versions drizzle flyway changelog changelogs".split())
NUMBERED = re.compile(r"V?\d+[._-]", re.I)
POSTGRES = (b"psycopg", b"asyncpg", b"pg8000", b"postgresql", b"postgres://", b"'pg'", b'"pg"', b"Npgsql", b"lib/pq", b"jackc/pgx")
CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".rb", ".go", ".php", ".json", ".toml", ".txt", ".yml", ".yaml", ".env", ".example")
MAKERS = (
    b"create_all(",
    b"prisma",
    b"knex",
    b"sequelize",
    b"typeorm",
    b"drizzle",
    b"alembic",
    b"flask_migrate",
    b"django",
    b"mikro-orm",
    b"CREATE TABLE",
    b"create table",
    b"Create Table",
    b"ActiveRecord",
    b"supabase",
)


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """A .sql file that creates tables. `dialect` is what its words tell; `score` how much it looks like THE schema;
    `migration` that it is one step of many."""

    path: str
    tables: tuple[str, ...]
    dialect: str
    score: int
    migration: bool = False
    chosen: bool = False


def schema_files(tree: Tree) -> list[str]:
    """The platform's own schema as its files show it, for `init` to propose: paths, at most one, none when there is none or
    when it is MySQL's and nothing here speaks to PostgreSQL."""
    return [file.path for file in _first(tree) if file.dialect != "mysql" or uses_postgres(tree)]


def find_schemas(tree: Tree, named: Iterable[str] = ()) -> tuple[SchemaFile, ...]:
    """All files that create tables, the schema first. `named` is what opskit.toml says: then those are the chosen ones."""
    named, found = tuple(named), _candidates(tree)
    first = named or tuple(file.path for file in _first(tree))
    chosen = [next((f for f in found if f.path == path), None) or _read(tree, path) for path in first]
    marked = [SchemaFile(f.path, f.tables, f.dialect, f.score, f.migration, True) for f in chosen if f]
    return (*marked, *(f for f in found if f.path not in first))


def named_schemas(database: object) -> tuple[str, ...]:
    """`[database] schema` of opskit.toml: a path or a list of paths. Raises OpskitError where it is neither."""
    value = database.get("schema", []) if isinstance(database, dict) else []
    paths = [value] if isinstance(value, str) else value
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise OpskitError(f"{MANIFEST}: [database] schema = {value!r} has the wrong type", code="OPS-X002", place=Place(MANIFEST),
                          help='write schema = ["schema.sql"]')
    return tuple(paths)


def uses_postgres(tree: Tree) -> bool:
    """Whether anything here speaks to PostgreSQL: a driver, a URL."""
    return any(True for _ in tree.holding(tree.ending(*CODE), *POSTGRES))


def makes_tables_itself(tree: Tree) -> bool:
    """Whether the code brings its tables along: an ORM, a migration tool, CREATE TABLE in a string."""
    return any(True for _ in tree.holding(tree.ending(*CODE), *MAKERS))


def _first(tree: Tree) -> list[SchemaFile]:
    return [file for file in _candidates(tree) if not file.migration][:1]


def _candidates(tree: Tree) -> list[SchemaFile]:
    """Other databases' files are no candidates where a better one stands; plain SQL counts."""
    found = [file for path in tree.ending(".sql") if (file := _read(tree, path))]
    return sorted((f for f in found if f.dialect != "sqlite"), key=lambda f: (f.migration, -f.score, f.path))


def _read(tree: Tree, path: str) -> SchemaFile | None:
    return tree.parsed(path, _sight)


def _sight(path: str, data: bytes) -> SchemaFile | None:
    if not CREATES.search(data):
        return None
    dialect = dialect_of(data)
    tables = tuple(dict.fromkeys(_tables(data, "mysql" if dialect == "mysql" else "postgresql")))
    if not tables:
        return None
    folders = [part.lower() for part in dirname(path).split("/")]
    migration = not MIGRATION_FOLDERS.isdisjoint(folders) or bool(NUMBERED.match(basename(path)))
    return SchemaFile(path, tables, dialect, _score(path, len(tables), dialect), migration)


def _tables(data: bytes, dialect: Dialect) -> Iterator[str]:
    """Names of the tables that its statements create; a CREATE TABLE in a string, a body or COPY data is none."""
    for piece in scan(data, dialect):
        if piece.kind == "statement" and piece.words[:1] == ("create",) and "table" in piece.words[:3]:
            match = CREATES.search(data, piece.start, piece.end)
            if match:
                yield match[1].decode("utf-8", "replace").strip('"`[]').lower()


def _score(path: str, tables: int, dialect: str) -> int:
    name, folder = basename(path), dirname(path)
    return (
        min(tables, 20)
        + 20 * bool(GOOD_NAME.search(name))
        - 25 * bool(BAD_NAME.search(name))
        - 15 * bool(BAD_NAME.search(folder))
        - 2 * folder.count("/")
        - 30 * (dialect == "mysql")
    )
