"""`opskit explain CODE`: what a diagnostic code means."""

import re
from typing import Annotated

import typer

from opskit.cli.catalogue import catalogue
from opskit.cli.options import Json
from opskit.cli.session import Session, terminal
from opskit.core.codes import Code
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked
from opskit.core.secret import MASK
from opskit.core.vendors import TOKEN
from opskit.report.model import Report
from opskit.report.wrap import wrap

app = typer.Typer(add_completion=False, rich_markup_mode=None)
SHORT = re.compile(r"(?:OPS-)?([A-Z])-?([0-9]{1,9})", re.I)


def _codes(incomplete: str) -> list[tuple[str, str]]:
    """As the word was begun: `OPS-P...`, `ops-p...`, `p...`; which of them fit is Typer's to see."""
    start = 0 if "OPS-".startswith(incomplete[:4].upper()) else 4
    return [(code.code[start:].lower() if incomplete.islower() else code.code[start:], code.title) for code in catalogue().values()]


@app.command(epilog="Examples: opskit explain OPS-P001; opskit explain p001; opskit explain; opskit explain p001 --json")
def explain(
    ctx: typer.Context,
    code: Annotated[str | None, typer.Argument(help="A code such as OPS-P001 [default: list them all].", autocompletion=_codes)] = None,
    json: Json = False,
) -> int:
    """Say what a code means, why it matters, and how to mend it, with a bad and a good example."""
    known = catalogue()
    if code is None:
        return _give(ctx, tuple(known.values()), "\n".join(f"{c.code}  {c.title}" for c in known.values()), json)
    typed = SHORT.fullmatch(code)
    wanted = f"OPS-{typed[1].upper()}{int(typed[2]):03d}" if typed else code.upper()
    if wanted not in known:
        raise OpskitError(f"there is no code {wanted}", code="OPS-X003", help="opskit explain lists them all")
    return _give(ctx, (known[wanted],), _wrapped(page(known[wanted])), json)


def _give(ctx: typer.Context, codes: tuple[Code, ...], text: str, json: bool) -> int:
    if not json:
        print(text)
        return 0
    told = [{"code": c.code, "title": c.title, "why": c.why, "mend": c.mend, "bad": dict(c.bad), "good": dict(c.good)} for c in codes]
    Session(ctx, "explain", as_json=True).give(Report("explain", Checked(facts={"codes": told})))
    return 0


def _wrapped(text: str) -> str:
    """Prose at the terminal's width; examples, which are set in, as they stand."""
    width = terminal()[1]
    return "\n".join(line if line.startswith(" ") else "\n".join(wrap(line, width, 0, 0)) for line in text.split("\n"))


def page(code: Code) -> str:
    """The code's page, as `explain` prints it and docs/codes holds it. A made-up token in an example is masked: a page of
    the docs that holds one would set off every scanner."""
    parts = [f"{code.code}: {code.title}", "", f"Why: {code.why}", "", f"Mend: {code.mend}"]
    for word, example in (("Bad", code.bad), ("Good", code.good)):
        for path, text in example.items():
            parts += ["", f"{word}: {path}", "", *(f"    {line}" for line in text.splitlines())]
    return re.sub(TOKEN, MASK, "\n".join(parts))
