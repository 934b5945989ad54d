"""The criteria of `opskit doctor`, a function each. A new one is a function from `Looked` to `Standing`, and its name in CRITERIA."""

from collections.abc import Callable
from dataclasses import dataclass

from opskit.cli.database import locate, reachable, server_of
from opskit.cli.paths import summary
from opskit.cli.pipeline import Examined
from opskit.cli.session import Session
from opskit.cli.status import live_rows
from opskit.cli.stripe_standing import stripe_standing
from opskit.cli.trial import Trial, attempt
from opskit.core.errors import OpskitError
from opskit.core.finding import Finding
from opskit.db.check import probe
from opskit.report.model import Standing
from opskit.services import screen

CLASHES = ("OPS-P001", "OPS-P009")


@dataclass(frozen=True, slots=True)
class Looked:
    """What the criteria judge: the rooms' findings, the platform as it runs, and its tests only where `trial` asks for them."""

    session: Session
    examined: Examined
    trial: Trial | None = None


def database(looked: Looked) -> Standing:
    """A real connection with the URL that services get; the embedded server is started for the look and stopped again."""
    session = looked.session
    name, where = "database connected and filled", locate(session, session.environment)
    if where.given is None and server_of(session, where) is None:
        return Standing(name, "does not hold", f"{where.name} is not set, and there is no local database", "opskit db init --fix")
    try:
        with reachable(session, where) as url:
            seen = probe(url)
    except OpskitError as error:
        return Standing(name, "does not hold", error.message, error.help)
    if not seen.ok:
        return Standing(name, "does not hold", seen.cause, seen.mend)
    if not seen.tables:
        return Standing(name, "does not hold", f"PostgreSQL {seen.version} answers, and has no table", "opskit db init --fix")
    return Standing(name, "holds", f"PostgreSQL {seen.version}, {seen.tables} tables")


def environment(looked: Looked) -> Standing:
    name, help = "environment documented and complete", "opskit env init, opskit env check"
    return _from(looked.examined, name, "env", "every variable has its value", help)


def paths(looked: Looked) -> Standing:
    """Holds while neither code nor configuration names a folder of one machine; pages and fallbacks are told."""
    code, settings, prose, fallbacks = summary(looked.examined.by_room["paths"])
    beside = [f"{prose} in pages and comments"] * bool(prose) + [f"{fallbacks} kept as fallbacks"] * bool(fallbacks)
    told = "; ".join([f"{code} in code, {settings} files of configuration", *beside])
    bad, checked = bool(code or settings), looked.examined.by_room["paths"]
    next_ = "opskit paths fix" if any(f.fix == "safe" for f in checked.findings) else "opskit paths scan"
    return Standing("no hard-coded paths", "does not hold" if bad else "holds", told, next_ if bad else "")


def catalogue(looked: Looked) -> Standing:
    return stripe_standing(looked.session)


def checkout(looked: Looked) -> Standing:
    return Standing("checkout works end to end", "not looked at yet", "the checkout is not tried yet")


def ports(looked: Looked) -> Standing:
    return _from(looked.examined, "no port conflicts", "ports", "every service has a port of its own", "opskit ports fix", CLASHES)


def dependencies(looked: Looked) -> Standing:
    return _from(looked.examined, "dependencies whole", "deps", "every import has its package", "opskit deps fix, opskit deps install")


def services(looked: Looked) -> Standing:
    name, rows = "every service up", live_rows(looked.session)
    if not rows:
        return Standing(name, "does not hold", "nothing is up", "opskit up --detach")
    late = screen.not_ready(rows)
    if late:
        told = f"{len(rows) - len(late)} of {len(rows)} ready; {late[0]['name']} is {late[0]['state']}"
        return Standing(name, "does not hold", told, "opskit logs")
    return Standing(name, "holds", f"{len(rows)} ready")


def tests(looked: Looked) -> Standing:
    """The command under [project] tests, run only where that was asked for."""
    name, command = "tests pass", looked.session.manifest.tests
    if not command:
        return Standing(name, "not looked at yet", "opskit.toml names no tests", 'write tests = "..." under [project]')
    if looked.trial is None:
        return Standing(name, "not looked at yet", f"`{command}` runs on request", "opskit doctor --tests")
    done = attempt(looked.session, command, looked.trial)
    return Standing(name, "holds", done.told) if done.passed else Standing(name, "does not hold", done.told, f"opskit run -- {command}")


CRITERIA: tuple[Callable[[Looked], Standing], ...] = (
    database, environment, paths, catalogue, checkout, ports, dependencies, services, tests)


def _from(examined: Examined, name: str, room: str, fine: str, help: str, codes: tuple[str, ...] = ()) -> Standing:
    """Holds while the room has no error (of these codes, where some are given)."""
    bad = [f for f in examined.by_room[room].findings if f.severity == "error" and (not codes or f.code in codes)]
    return Standing(name, "does not hold", _first(bad), help) if bad else Standing(name, "holds", fine)


def _first(findings: list[Finding]) -> str:
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{findings[0].message}{more}"
