"""One run of one command: where, on what, in which format, and the way out through the Redactor."""

import importlib
import io
import os
import re
import sys
import time
from functools import cached_property
from pathlib import Path

import typer

from opskit.cli.target import write_target
from opskit.core.colour import coloured
from opskit.core.errors import OpskitError
from opskit.core.secret import Redactor, hides
from opskit.core.tree import Tree, find_root
from opskit.core.vendors import keys_of
from opskit.core.world import World
from opskit.report.model import Report
from opskit.source.dotenv import files_of, read_dotenv
from opskit.survey.manifest import Manifest, read_manifest
from opskit.survey.survey import Survey

FORMATS = ("text", "json", "sarif", "github", "junit", "markdown")
SPECIAL = re.compile(r"[\\*?\[\]!# ]")


class Session:
    """Made by every leaf command from its own options; owns the tree, the survey and the streams."""

    def __init__(self, ctx: typer.Context, command: str, format: str = "text", as_json: bool = False,
                 output: Path | None = None, world: World | None = None) -> None:
        shared = ctx.obj or {}
        self.command, self.environment = command, shared.get("env", "dev")
        self.format = "json" if as_json else format
        if self.format not in FORMATS:
            said = "OPSKIT_FORMAT" if os.environ.get("OPSKIT_FORMAT") == self.format else "--format"
            raise OpskitError(f"{said} {self.format} is not one of: {', '.join(FORMATS)}", code="OPS-X003",
                              help=f"opskit {command} --help")
        self.output, self.world = output, world or World()
        self.root = _existing(shared.get("root")) or find_root(Path.cwd())
        self.started = time.perf_counter()

    @cached_property
    def manifest(self) -> Manifest:
        return read_manifest(self.root)

    @cached_property
    def tree(self) -> Tree:
        """Without the report that is about to be written, or yesterday's would be judged with the platform."""
        own = self.output.resolve() if self.output else self.root
        inside = own.relative_to(self.root).as_posix() if own.is_relative_to(self.root) and own != self.root else ""
        mine = ["/" + SPECIAL.sub(r"\\\g<0>", inside)] if inside else []
        return Tree(self.root, (*self.manifest.leave_alone, *mine))

    @cached_property
    def survey(self) -> Survey:
        return Survey(self.tree, self.manifest)

    @cached_property
    def redact(self) -> Redactor:
        """Knows every value of the platform's environment files and of the process's own secrets."""
        redact = Redactor(v for k, v in os.environ.items() if any(w in k.upper() for w in ("SECRET", "TOKEN", "PASSWORD", "API_KEY")))
        for name in files_of():
            if (self.root / name).is_file():
                found = read_dotenv(name, (self.root / name).read_bytes()).bindings
                redact.learn(e.value for e in found if e.value and _secretive(e.key) and hides(e.key, e.value))
        return redact

    def refresh(self) -> None:
        """Forget what was read: the disk has changed."""
        for name in ("manifest", "tree", "survey", "redact"):
            self.__dict__.pop(name, None)

    def say(self, text: str, slow: bool = False) -> None:
        """Progress and messages: stderr, never data. `slow` marks what only a person at a terminal waits for."""
        if sys.stderr.isatty() or (self.format == "text" and not slow):
            print(self.redact(text), file=sys.stderr, flush=True)

    def ask(self, question: str, yes: bool) -> bool:
        return yes or self.world.confirm(question)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.started

    def give(self, report: Report) -> None:
        """Render and write the report: stdout, or --output whole or not at all."""
        render = importlib.import_module(f"opskit.report.{self.format}").render
        if self.format == "text":
            colour, width = (False, 80) if self.output else terminal()
            text = render(report, self.redact, colour, width)
        else:
            text = self.redact(render(report, self.redact))
        if self.format == "github":
            from opskit.report.github import append_summary

            append_summary(report, self.redact)
        text = text.rstrip("\n") + "\n" * bool(text.strip())
        if self.output:
            write_target(self.output, text.encode("utf-8", "replace"), "give another --output")
            return
        if self.format != "text" and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # what machines read is UTF-8 whatever the console's code page
        print(text, end="", flush=True)


def terminal() -> tuple[bool, int]:
    """(colour, width) of what stdout is."""
    try:
        width = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        width = 80
    return coloured(sys.stdout), max(40, min(width, 120))


def _secretive(name: str) -> bool:
    plain = ("HOST", "PORT", "NAME", "USER", "MODE", "LEVEL", "ENV", "REGION", "DIR", "PATH", "DOMAIN", "EMAIL")
    return not name.upper().endswith(plain) and not any(key.kind == "price id" for key in keys_of(name.upper()))


def _existing(root: Path | None) -> Path | None:
    if root is None:
        return None
    if not root.is_dir():
        raise OpskitError(f"{root} is not a folder", code="OPS-X003", help="give --root the platform's folder")
    return root.resolve()
