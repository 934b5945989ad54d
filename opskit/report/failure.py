"""A failure as two lines or as JSON. Light: it must work when nothing else does."""

from opskit.core.errors import OpskitError

RED, BOLD, BLUE, PLAIN = "\x1b[1;31m", "\x1b[1m", "\x1b[34m", "\x1b[0m"


def failure_text(error: OpskitError, colour: bool = False) -> str:
    """In the form of a finding; without rich, which may be what is broken."""
    red, bold, blue, plain = (RED, BOLD, BLUE, PLAIN) if colour else ("",) * 4
    lines = [f"{red}error[{error.code}]{plain}{bold}: {error.message}{plain}"]
    if error.place and error.place.path:
        lines.append(f"{blue}  --> {plain}{error.place}")
    lines += [f"{blue}  = {plain}{bold}help: {plain}{error.help}"] if error.help else []
    return "\n".join(lines)


def failure_json(error: OpskitError, command: str) -> str:
    from opskit.report.json import failure

    return failure(error, command)
