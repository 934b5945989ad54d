"""A schema put into a database once: what is there decides, nothing is ever dropped, a second run adds no row."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from opskit.core.errors import NotReady
from opskit.pg.ledger import hold, record, records
from opskit.pg.load import Loaded, load
from opskit.pg.objects import Object, created_by, existing
from opskit.pg.scan import scan
from opskit.pg.script import Script, Step

if TYPE_CHECKING:
    from opskit.pg.connect import Connection

State = Literal["fresh", "same", "reworded", "grown", "adopt", "resume", "changed", "partial"]
KIND = "schema"
DROPS = ("drop", "truncate", "delete")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done: `steps` run, `why` is one sentence. `changed` and `partial` refuse."""

    state: State
    why: str
    steps: tuple[Step, ...] = ()
    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def judge(connection: "Connection", script: Script) -> Verdict:
    """fresh: none of its objects exist. same, reworded: loaded before. grown: only new objects were added to the file since.
    adopt: all exist, nobody noted it. resume: some exist and every statement is guarded. changed, partial: a person decides."""
    known = [r for (kind, _), r in records(connection).items() if kind == KIND]
    if any(r.sha256 == script.digest for r in known):
        return Verdict("same", f"{script.path} is loaded already")
    there, made = existing(connection), created_by(script)
    noted = next((r for r in known if r.name == script.path), None)
    if noted:
        return _since(noted.script, script, there, made)
    objects = list(dict.fromkeys(o for found in made.values() for o in found if o.made != "schema"))
    present, missing = [o for o in objects if o.key in there], [o for o in objects if o.key not in there]
    names = {"present": tuple(map(str, present)), "missing": tuple(map(str, missing))}
    if not present:
        return Verdict("fresh", f"none of its {len(objects)} objects is there", script.steps, **names)
    if not missing:
        return Verdict(
            "adopt", f"all {len(objects)} objects of {script.path} are there already; opskit takes note and changes nothing", (), **names
        )
    if all(o.guarded for o in present) and not any(_writes(step) for step in script.steps):
        return Verdict(
            "resume",
            f"{len(present)} of its {len(objects)} objects are there, and every statement of theirs says IF NOT EXISTS",
            script.steps,
            **names,
        )
    return Verdict(
        "partial",
        f"{_listed(present)} {'is' if len(present) == 1 else 'are'} there already, {_listed(missing)} "
        f"{'is' if len(missing) == 1 else 'are'} not",
        (),
        **names,
    )


def carry_out(
    connection: "Connection", script: Script, text: bytes, progress: Callable[[int, int], None], stand_in: bool
) -> tuple[Verdict, Loaded | None]:
    """Judge and load in one transaction under opskit's lock on this database. Raises NotReady for what a person must decide."""
    with connection.transaction():
        hold(connection)
        verdict = judge(connection, script)
        if verdict.state in ("changed", "partial"):
            help = "write the difference as a migration, or give an empty database; opskit drops nothing"
            raise NotReady(f"{script.path} and the database differ: {verdict.why}", help=help, code="OPS-D013")
        if verdict.state == "same":
            return verdict, None
        done = load(connection, replace(script, steps=verdict.steps), progress, stand_in) if verdict.steps else None
        record(connection, KIND, script.path, script.digest, text, done.seconds if done else 0.0, adopted=verdict.state == "adopt")
    return verdict, done


def text_of(script: Script) -> bytes:
    """All files of a script, as the ledger keeps them."""
    return b"\n".join(script.files.values())


def _since(before: str, script: Script, there: frozenset[tuple[str, str, str]], made: dict[Step, tuple[Object, ...]]) -> Verdict:
    """The file against the text that was loaded, statement by statement, space and comments not counted."""
    data = before.encode()
    old = Counter(_plain(data[p.start : p.end].decode()) for p in scan(data) if p.kind == "statement")
    new = list[Step]()
    for step in script.steps:
        if old[_plain(step.text)] > 0:
            old[_plain(step.text)] -= 1
        else:
            new.append(step)
    gone = [
        text
        for text, count in old.items()
        if count > 0 and not re.match(r"(begin|commit|end|start transaction|create database|drop database)\b", text)
    ]
    if not new and not gone:
        return Verdict("reworded", f"{script.path} is loaded already; only its space or comments have changed")
    if not gone and all(made[step] and not any(o.key in there for o in made[step]) for step in new):
        return Verdict(
            "grown",
            f"{len(new)} new statement{'s' * (len(new) > 1)} since it was loaded: {_listed([o for s in new for o in made[s]])}",
            tuple(new),
        )
    lines = ", ".join(str(script.place(step).line) for step in new[:5])
    return Verdict(
        "changed", f"since it was loaded {len(new)} statements are new or changed (line {lines or '-'}) and {len(gone)} are gone or changed"
    )


def _writes(step: Step) -> bool:
    """Whether a second run could add rows or take something away."""
    word = step.words[0] if step.words else ""
    if word in DROPS or step.data is not None:
        return True
    return word in ("insert", "update", "with") and "on conflict" not in _plain(step.text)


def _plain(text: str) -> str:
    """A statement without comments, with one blank for any space. Strings lose nothing that matters for a comparison."""
    data = text.encode()
    from opskit.pg.tokens import tokens

    return " ".join(data[t.start : t.end].decode("utf-8", "replace") for t in tokens(data) if not t.blank and t.text != ";").lower()


def _listed(objects: list[Object]) -> str:
    names = [str(o) for o in objects]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
