"""The platform's virtual environments: `.opskit/venv`, and one more for each other Python that a service asks for.

`.opskit/venv.json` says what was put in. It is `open` while an installer is at work, so a run that was cut short is known by
the next one, which makes that environment anew.
"""

import json
import os
import re
import shutil
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError
from opskit.core.state import state_folder, write_private
from opskit.deps.install.process import end, is_ours

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, slots=True)
class State:
    """What the last install left: `digest` of what was asked for, `failed` the lines that did not go in."""

    state: str = ""
    digest: str = ""
    failed: tuple[dict[str, Any], ...] = field(default=())
    pid: int = 0


@dataclass(frozen=True, slots=True)
class Environment:
    """`python` as the manifest says it: "" or this Python's own version for the main one, else a version or a path."""

    root: Path
    python: str = ""

    @property
    def folder(self) -> Path:
        return self.root / ".opskit" / (f"venv-{_slug(self.python)}" if self.python else "venv")

    @property
    def name(self) -> str:
        return self.folder.relative_to(self.root).as_posix()

    @property
    def interpreter(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def state(self) -> State:
        try:
            raw = json.loads(self._note.read_bytes())
            return State(str(raw["state"]), str(raw["digest"]), tuple(raw["failed"]), int(raw["pid"]))
        except (OSError, ValueError, KeyError, TypeError):
            return State()

    def mark(self, state: State) -> None:
        state_folder(self.root)
        write_private(self._note, json.dumps(asdict(state), indent=1).encode())

    @property
    def _note(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.json")

    @property
    def is_whole(self) -> bool:
        """Made, and not in the middle of an install that was cut short."""
        return self.interpreter.exists() and (self.folder / "pyvenv.cfg").is_file() and self.state.state in ("done", "failed")

    def clear(self) -> None:
        """Take away what a cut run left, its installer too where that still runs."""
        if (pid := self.state.pid) and is_ours(pid, str(self.folder)):
            end(pid)
        if self.folder.is_symlink():
            raise OpskitError(f"{self.name} is a link, so opskit does not write there", code="OPS-K009", help="remove it")
        if self.folder.exists():
            try:
                shutil.rmtree(self.folder)
            except OSError as error:
                raise OpskitError(
                    f"{self.name} cannot be made anew: {error.strerror}", code="OPS-K009", help=f"remove {self.name} by hand"
                ) from error

    def on_path(self, folders: tuple[str, ...]) -> None:
        """Put the platform's own projects on the environment's path, as an editable install would, without building them."""
        for site in (*self.folder.glob("lib/python*/site-packages"), *self.folder.glob("Lib/site-packages")):
            link = site / "opskit-local.pth"
            text = "".join(f"{self.root / folder}\n" for folder in folders)
            if not text:
                link.unlink(missing_ok=True)
            elif not link.is_file() or link.read_text("utf-8") != text:
                link.write_text(text, "utf-8")


def environment_of(root: Path, python: str) -> Environment:
    """The environment for a service's `python` setting: what names this very Python means the main one."""
    return Environment(root, "" if python in ("", HERE, f"python{HERE}", f"python{HERE[0]}", "python") else python)


def find_python(python: str) -> str:
    """A Python to make an environment with: a path, or a version looked for on PATH; ours for ""."""
    if not python:
        return sys.executable
    if os.sep in python or "/" in python:
        found = shutil.which(python)
    else:
        version = python.removeprefix("python")
        found = shutil.which(f"python{version}") or shutil.which(f"python{'.'.join(version.split('.')[:2])}")
    if found is None:
        raise OpskitError(
            f"there is no Python {python} on this machine",
            code="OPS-K009",
            help=f"install it (`uv python install {python}`), or change `python` of that service in opskit.toml",
        )
    return found


def _slug(python: str) -> str:
    return re.sub(r"[^0-9A-Za-z.]+", "-", python.removeprefix("python")).strip("-.") or "other"
