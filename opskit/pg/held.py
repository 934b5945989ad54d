"""A child that ends when we do, even by kill -9: started by `keeper`, which watches a pipe from us."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from opskit.core.errors import OpskitError
from opskit.pg import keeper
from opskit.pg.account import Account
from opskit.pg.binaries import clean_environment

STOPS_WITHIN = keeper.ASK + keeper.INSIST + 5


class Held:
    """Runs argv under the keeper from construction to the end of the `with`, its output in `log` (0600)."""

    def __init__(self, argv: list[str], cwd: Path, account: Account | None, log: Path, stop: list[str] | None = None) -> None:
        spec = {"argv": argv, "cwd": str(cwd), "account": dict(account.process()) if account else {}, "stop": stop or []}
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", keeper.__file__, json.dumps(spec)],
                stdin=subprocess.PIPE,
                stdout=descriptor,
                stderr=descriptor,
                env=clean_environment(),
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise OpskitError(f"cannot start {argv[0]}: {error.strerror}", code="OPS-D010") from error
        finally:
            os.close(descriptor)

    def ended(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.poll()

    def wait(self, limit: float) -> int:
        """Its exit code; past `limit` seconds it is stopped and the error tells."""
        try:
            return self._process.wait(limit)
        except subprocess.TimeoutExpired:
            raise OpskitError(f"it did not end within {limit:.0f} s", code="OPS-X007") from None

    def __enter__(self) -> "Held":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(STOPS_WITHIN)
