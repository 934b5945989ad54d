"""uv where it is, else pip: the command lines that make an environment and put packages in. Neither runs the platform's code.

uv: `uv venv`, `uv pip install` (docs.astral.sh/uv/pip). pip runs as `python -I -m pip`, so that no file of the platform that
happens to be called like a module is imported. Index settings come from the user's own UV_*, PIP_* and configuration.
"""

import importlib.util
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from opskit.core.errors import OpskitError
from opskit.core.state import state_folder
from opskit.deps.install.environment import Environment, find_python
from opskit.deps.install.process import Done, watched

SECRETIVE = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|API_KEY|PRIVATE_KEY|DATABASE_URL", re.I)


@dataclass(frozen=True, slots=True)
class Installer:
    """`uv` is the program's path, "" for pip. `limit` is seconds a call; `say` hears progress."""

    uv: str
    environ: Mapping[str, str]
    limit: float
    say: Callable[[str], None]

    @property
    def name(self) -> str:
        return "uv" if self.uv else "pip"

    def make(self, environment: Environment) -> None:
        """A fresh, empty environment; an error with the installer's words where it cannot be made."""
        python = find_python(environment.python) if environment.python and not self.uv else environment.python or sys.executable
        command = (
            [self.uv, "venv", "--quiet", "--no-project", "--python", python.removeprefix("python"), str(environment.folder)]
            if self.uv
            else [python, "-I", "-m", "venv", str(environment.folder)]
        )
        done = self._run(command, environment)
        if done.code:
            last = (done.output.strip().splitlines() or ["no reason given"])[-1]
            mend = (
                "install python3-venv (Debian, Ubuntu), or uv"
                if "ensurepip" in done.output
                else "see that this Python runs, or name another"
            )
            raise OpskitError(f"{environment.name} cannot be made: {last.strip()}", code="OPS-K009", help=mend)

    def put(self, environment: Environment, lines: Sequence[str], options: Sequence[str], build: bool) -> Done:
        """Install these lines and what they need; without `build` only wheels are taken."""
        with _listed(environment, [*(o for o in options if o != "--pre"), *lines]) as listing:
            pre = "--pre" in options
            if self.uv:
                command = [
                    self.uv,
                    "pip",
                    "install",
                    "--no-progress",
                    "--color",
                    "never",
                    "--python",
                    str(environment.interpreter),
                    "--requirements",
                    str(listing),
                ]
                command += [] if build else ["--no-build"]
                command += ["--prerelease", "allow"] if pre else []
            else:
                command = [
                    str(environment.interpreter),
                    "-I",
                    "-m",
                    "pip",
                    "install",
                    "--no-input",
                    "--disable-pip-version-check",
                    "--no-color",
                    "--progress-bar",
                    "off",
                    "--retries",
                    "2",
                    "--requirement",
                    str(listing),
                ]
                command += ["--prefer-binary"] if build else ["--only-binary", ":all:"]
                command += ["--pre"] if pre else []
            return self._run(command, environment)

    def seed(self, environment: Environment) -> None:
        """pip needs itself in the environment; one that uv made holds none."""
        if not self.uv and importlib.util.find_spec("ensurepip") and not any(environment.folder.glob("[Ll]ib*/**/site-packages/pip")):
            self._run([str(environment.interpreter), "-I", "-m", "ensurepip"], environment)

    def _run(self, command: Sequence[str], environment: Environment) -> Done:
        def began(pid: int) -> None:
            environment.mark(replace(environment.state, state="open", pid=pid))

        return watched(command, cwd=state_folder(environment.root), env=self.environ, limit=self.limit, say=self.say, began=began)


def find_installer(choice: str, environ: Mapping[str, str], limit: float, say: Callable[[str], None]) -> Installer:
    """`choice` is auto, uv or pip."""
    uv = "" if choice == "pip" else _uv()
    if choice == "uv" and not uv:
        raise OpskitError("uv is not installed", code="OPS-X006", help="`pip install uv`, or --installer pip")
    return Installer(uv, clean(environ), limit, say)


def _uv() -> str:
    """On PATH, or the one that the `uv` distribution brings."""
    if found := shutil.which("uv"):
        return found
    beside = Path(sys.executable).parent / ("uv.exe" if os.name == "nt" else "uv")
    if beside.is_file():
        return str(beside)
    if importlib.util.find_spec("uv") is None:
        return ""
    import uv

    try:
        return str(uv.find_uv_bin())
    except FileNotFoundError:
        return ""


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for programs of third parties: no other Python's paths, none of the platform's secrets."""
    own = ("UV_", "PIP_", "NETRC")
    dropped = {
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "PYTHONHOME",
        "CONDA_PREFIX",
        "UV_PYTHON",
        "UV_PROJECT_ENVIRONMENT",
        "PIP_REQUIRE_VIRTUALENV",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_USER",
    }
    return {k: v for k, v in environ.items() if k not in dropped and (k.startswith(own) or not SECRETIVE.search(k))}


@contextmanager
def _listed(environment: Environment, lines: Sequence[str]) -> Iterator[Path]:
    """The lines as a requirements file of mode 0600 that is gone afterwards: an index URL may hold a password, so none is in argv."""
    descriptor, name = tempfile.mkstemp(".txt", "requirements-", state_folder(environment.root))
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, ""]))
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
