"""A failure as two lines or as JSON. Light: it must work when nothing else does."""

from opskit.core.errors import OpskitError


def failure_text(error: OpskitError) -> str:
    lines = [f"error[{error.code}]: {error.message}"]
    if error.place and error.place.path:
        lines.append(f"  --> {error.place}")
    lines += [f"  = help: {error.help}"] if error.help else []
    return "\n".join(lines)


def failure_json(error: OpskitError, command: str) -> str:
    from opskit.report.json import failure

    return failure(error, command)
