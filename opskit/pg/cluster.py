"""The embedded server's data: made once, whole or not at all, with its password, role and database."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.core.state import write_private
from opskit.pg.account import Account
from opskit.pg.binaries import Binaries, clean_environment
from opskit.pg.held import Held

ROLE = "postgres"
DATA, PASSWORD, DATABASE = "data", "password", "database"
LIMIT = 180.0


def make_cluster(home: Path, binaries: Binaries, account: Account | None, database: str, password: Secret) -> None:
    """initdb into a temporary folder, create the database in it, then rename it into place.

    The role is `postgres`, the one that dumps of hosted databases name as their owner. UTF8 with the builtin
    C.UTF-8 collation where the version has it (17 on): the same order on every machine. Killed half-way, what
    is left is a temporary folder that the next call removes.
    """
    remove_stale(home)
    temporary = home / f"{DATA}.{os.getpid()}.tmp"
    try:
        temporary.mkdir(mode=0o700)
        lent = _lend_password(password.reveal(), temporary, account)
        try:
            _initdb(binaries, account, temporary, lent)
        finally:
            lent.unlink(missing_ok=True)
        _create_database(binaries, account, temporary, database)
        write_private(home / PASSWORD, password.reveal().encode())
        write_private(home / DATABASE, database.encode())
        os.rename(temporary, home / DATA)
    finally:
        _remove(temporary)


def remove_stale(home: Path) -> None:
    """What a run that was killed left behind; an initdb that outlives it may write a moment longer, so every call looks again."""
    for stale in home.glob(f"{DATA}.*"):
        _remove(stale)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _lend_password(password: str, data: Path, account: Account | None) -> Path:
    """A file of 0600 that the account can read, for as long as initdb runs. The data folder is handed over with it."""
    lent = data.with_suffix(".pwfile.tmp")
    write_private(lent, f"{password}\n".encode())
    if account:
        os.chown(lent, account.user, account.group)
        os.chown(data, account.user, account.group)
    return lent


def _initdb(binaries: Binaries, account: Account | None, data: Path, pwfile: Path) -> None:
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] if binaries.major >= 17 else ["--locale=C"]
    argv = [
        str(binaries.program("initdb")),
        "-D",
        str(data),
        "-U",
        ROLE,
        "--auth=scram-sha-256",
        f"--pwfile={pwfile}",
        "--encoding=UTF8",
        "--no-instructions",
        *locale,
    ]
    log = pwfile.with_suffix(".log")
    try:
        with Held(argv, data.parent, account, log) as held:
            code = held.wait(LIMIT)
        if code != 0:
            raise OpskitError(
                f"initdb failed: {_last_line(log.read_text('utf-8', 'replace'))}",
                help="mend that, or give DATABASE_URL instead",
                code="OPS-D010",
            )
    finally:
        log.unlink(missing_ok=True)


def _create_database(binaries: Binaries, account: Account | None, data: Path, database: str) -> None:
    """By the single-user server, so that no socket is open before the data stands in its place."""
    argv = [str(binaries.program("postgres")), "--single", "-D", str(data), "template1"]
    quoted = database.replace('"', '""')
    who: dict[str, Any] = dict(account.process()) if account else {}
    done = subprocess.run(
        argv,
        input=f'CREATE DATABASE "{quoted}"\n',
        text=True,
        capture_output=True,
        timeout=LIMIT,
        cwd=data.parent,
        env=clean_environment(),
        **who,
    )
    if done.returncode or "ERROR" in done.stderr:
        raise OpskitError(f"the database {database} could not be made: {_last_line(done.stderr)}", code="OPS-D010")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and "removing" not in line]
    return lines[-1] if lines else "it said nothing"
