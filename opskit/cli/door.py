"""The one door where every failure becomes a sentence, a command that mends it and an exit code."""

import errno
import gc
import io
import os
import signal
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from opskit import __version__
from opskit.core.colour import coloured
from opskit.core.errors import FAILED, OpskitError
from opskit.core.secret import Redactor

INTERRUPTED, TERMINATED = 130, 143
ROOM, LEAVE = "make room on the disk, then run it again", "make it writable, or run opskit as the user who owns it"
MACHINE = {errno.ENOSPC: ROOM, errno.EDQUOT: ROOM, errno.EROFS: LEAVE, errno.EACCES: LEAVE, errno.EPERM: LEAVE}
OBJECTS = 500_000


class Terminated(BaseException):
    """SIGTERM, raised so that `finally` blocks run."""


def enter(arguments: list[str]) -> int:
    """Run one command line and return its exit code. Never raises."""
    machine = wants_json(arguments)
    gc.set_threshold(OBJECTS, 50, 50)  # syntax trees are many objects and no cycles: looking them over costs a fifth of a check
    try:
        _open_streams()
        _on_sigterm()
        from opskit.cli.house import app

        result = app(_with_revision(arguments), prog_name="opskit", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except OpskitError as error:
        return _tell(error, machine, arguments)
    except (KeyboardInterrupt, EOFError):
        return INTERRUPTED
    except Terminated:
        return TERMINATED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else FAILED
    except Exception as error:
        if type(error).__name__ == "Abort":
            return INTERRUPTED
        if hasattr(error, "format_message") and hasattr(error, "show"):
            return _usage(error, machine, arguments)
        return _tell(_of_the_machine(error) or _crash(error), machine, arguments)


def _with_revision(arguments: list[str]) -> list[str]:
    """`--changed` without a value means HEAD; Typer knows no option whose value may be left out."""
    pairs = pairwise([*arguments, "-"])
    return [f"{word}=HEAD" if word == "--changed" and after.startswith("-") else word for word, after in pairs]


def _open_streams() -> None:
    """`>&-` and services without a console leave a stream None, and Python then fails at the first word to it; so it does at a letter
    that a console's code page lacks."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif isinstance(stream := getattr(sys, name), io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _on_sigterm() -> None:
    def leave(*_: object) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, leave)


def wants_json(arguments: list[str]) -> bool:
    """Whether the caller reads JSON, told before any parser has run, so that errors are JSON too."""
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    asked = os.environ.get("OPSKIT_FORMAT") == "json" or os.environ.get("OPSKIT_JSON", "").lower() in ("1", "true", "yes", "on")
    return asked or "--json" in own or "--format=json" in own or ("--format", "json") in pairwise(own)


def named(arguments: list[str]) -> str:
    """The command that a line asks for, as its report names it: `ports audit`; "" where the line names none."""
    from opskit.cli.house import COMMANDS, rooms

    pairs = pairwise(["", *arguments])
    words = [word for before, word in pairs if not word.startswith("-") and before not in ("--root", "--env")]
    length = 2 if words[:1] and words[0] in rooms() else 1
    return " ".join(words[:length]) if words and words[0] in COMMANDS else ""


def _usage(error: Any, machine: bool, arguments: list[str]) -> int:
    if type(error).__name__ == "NoArgsIsHelpError" and not machine:
        error.show()
        return FAILED
    where = getattr(error.ctx, "command_path", "opskit")
    return _tell(OpskitError(error.format_message() + _twin(error), code="OPS-X003", help=f"{where} --help"), machine, arguments)


def _twin(error: Any) -> str:
    """Which variable of the environment gave the value that is wrong, where one did."""
    param = getattr(error, "param", None)
    if param is None or error.ctx is None:
        return ""
    source = error.ctx.get_parameter_source(param.name)
    return f" (from {param.envvar} in the environment)" if getattr(source, "name", "") == "ENVIRONMENT" else ""


def _tell(error: OpskitError, machine: bool, arguments: list[str]) -> int:
    from opskit.report.failure import failure_json, failure_text

    redact = Redactor()
    if machine:
        print(redact(failure_json(error, named(arguments))))
    print(redact(failure_text(error, coloured(sys.stderr))), file=sys.stderr)
    return error.exit_code


def _of_the_machine(error: Exception) -> OpskitError | None:
    """A full disk or a file that may not be written is no defect of opskit's, wherever it was met."""
    if not isinstance(error, OSError) or error.errno not in MACHINE:
        return None
    where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
    return OpskitError(f"{where}{error.strerror}", code="OPS-X005", help=MACHINE[error.errno])


def _crash(error: Exception) -> OpskitError:
    """An unexpected failure: two lines, and a log with versions where nothing secret stands."""
    import platform
    import tempfile
    import time
    import traceback

    kept = Path.cwd() / ".opskit"
    versions = f"opskit {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n"
    try:
        descriptor, path = tempfile.mkstemp(".log", f"opskit-crash-{time.strftime('%Y%m%dT%H%M%S')}-", kept if kept.is_dir() else None)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(Redactor()(versions + "".join(traceback.format_exception(error))))
    except OSError:
        path = "(the log could not be written)"
    return OpskitError(f"opskit failed: {type(error).__name__}: {error}", code="OPS-X000",
                       help=f"this is a defect; the log to send is {path}")
