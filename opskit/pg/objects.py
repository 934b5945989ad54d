"""What a script creates, by PostgreSQL's own grammar: tables, views, indexes, sequences, types, functions, with their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from opskit.pg.script import Script, Step

if TYPE_CHECKING:
    from opskit.pg.connect import Connection

Made = Literal["relation", "type", "function", "schema"]
WRITES = ("insert", "copy", "update", "delete", "truncate")


@dataclass(frozen=True, slots=True, order=True)
class Object:
    """`schema` is "public" where the script does not say. `guarded`: IF NOT EXISTS or OR REPLACE stands there."""

    made: Made
    schema: str
    name: str
    guarded: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.made, self.schema, self.name

    def __str__(self) -> str:
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


def objects_of(sql: str) -> tuple[Object, ...]:
    """Of one statement; none where it does not parse."""
    from pglast import parse_sql
    from pglast.parser import ParseError

    try:
        return tuple(found for raw in parse_sql(sql) if (found := _object(raw.stmt)))
    except (ParseError, ValueError, RecursionError):
        return ()


def created_by(script: Script) -> dict[Step, tuple[Object, ...]]:
    return {step: objects_of(step.text) if step.words[:1] == ("create",) else () for step in script.steps}


def existing(connection: "Connection") -> frozenset[tuple[str, str, str]]:
    """Keys of all objects outside the system's own schemas and opskit's."""
    rows = connection.execute(
        """
        SELECT 'relation', n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {0}
        UNION ALL SELECT 'type', n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE {0} AND t.typrelid = 0
        UNION ALL SELECT 'function', n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {0}
        UNION ALL SELECT 'schema', n.nspname, n.nspname FROM pg_namespace n WHERE {0} AND n.nspname <> 'public'
        """.replace("{0}", "n.nspname NOT IN ('pg_catalog', 'information_schema', 'opskit') AND n.nspname NOT LIKE 'pg\\_%'").encode()
    ).fetchall()
    return frozenset((str(r[0]), str(r[1]), str(r[2])) for r in rows)


def _object(statement: Any) -> Object | None:
    guarded = bool(getattr(statement, "if_not_exists", False) or getattr(statement, "replace", False))
    match type(statement).__name__:
        case "CreateStmt" | "CreateForeignTableStmt":
            relation = getattr(statement, "relation", None) or statement.base.relation
            return (
                None if relation.relpersistence == "t" else Object("relation", relation.schemaname or "public", relation.relname, guarded)
            )
        case "ViewStmt":
            return Object("relation", statement.view.schemaname or "public", statement.view.relname, guarded)
        case "IndexStmt" if statement.idxname:
            return Object("relation", statement.relation.schemaname or "public", statement.idxname, guarded)
        case "CreateSeqStmt":
            return Object("relation", statement.sequence.schemaname or "public", statement.sequence.relname, guarded)
        case "CreateTableAsStmt":
            return Object("relation", statement.into.rel.schemaname or "public", statement.into.rel.relname, guarded)
        case "CreateEnumStmt" | "CreateRangeStmt":
            return Object("type", *_names(statement.typeName), guarded)
        case "CompositeTypeStmt":
            return Object("type", statement.typevar.schemaname or "public", statement.typevar.relname, guarded)
        case "CreateDomainStmt":
            return Object("type", *_names(statement.domainname), guarded)
        case "CreateFunctionStmt":
            return Object("function", *_names(statement.funcname), guarded)
        case "CreateSchemaStmt" if statement.schemaname:
            return Object("schema", statement.schemaname, statement.schemaname, guarded)
    return None


def _names(parts: Any) -> tuple[str, str]:
    texts = [part.sval for part in parts]
    return (texts[-2] if len(texts) > 1 else "public"), texts[-1]


def repeated(script_objects: Iterator[tuple[Step, Object]]) -> Iterator[tuple[Step, Object]]:
    """Relations created a second time without a guard: the server stops there. Functions may share a name."""
    seen = set[tuple[str, str, str]]()
    for step, made in script_objects:
        if made.made != "function" and made.key in seen and not made.guarded:
            yield step, made
        seen.add(made.key)
