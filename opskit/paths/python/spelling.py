"""What is left of a literal's own spelling once the root is cut off its head: its quotes, its prefix, its expressions stay."""

from collections.abc import Iterable

from opskit.paths import grammar
from opskit.paths.python.header import Refused
from opskit.paths.python.literals import Literal, Token, Unit

SEPARATORS = ("/", "\\")


def cut(literal: Literal, prefix: str) -> int:
    """How many units of the first token spell the root, without a separator behind it. Raises Refused where several tokens spell it."""
    units, text, found = literal.tokens[0].units, "", 0
    wanted = grammar.key(prefix)
    for index, unit in enumerate(units):
        if index and unit.value in SEPARATORS and grammar.key(text) == wanted:
            found = index
        if unit.value is None:
            return found or _refuse()
        text += unit.value
    return len(units) if grammar.key(text) == wanted and not text.endswith(SEPARATORS) else found or _refuse()


def _refuse() -> int:
    raise Refused("the folder's name is spread over several pieces")


def formatted(literal: Literal, prefix: str, constant: str) -> str:
    """`f"{BASE_DIR}/b/{x}"` of `f"C:/a/b/{x}"`: an expression never begins a part of a join, where an absolute one would drop the root."""
    first, rest = literal.tokens[0], literal.tokens[0].units[cut(literal, prefix) :]
    letters = first.prefix if first.formatted else f"f{first.prefix.replace('u', '').replace('U', '')}"
    body = "".join(_slashed(rest, braced=not first.formatted))
    head = f"{letters}{first.quote}{{{constant}}}{body}{first.quote}"
    return head + literal.text[first.end : literal.tokens[1].start] + _others(literal) if len(literal.tokens) > 1 else head


def remainder(literal: Literal, prefix: str, lead: str = "") -> str:
    """The literal without its root: `'b/%s.json'` of `'C:/a/b/%s.json'`, with `lead` in front."""
    first, rest = literal.tokens[0], literal.tokens[0].units[cut(literal, prefix) :]
    while rest and rest[0].value in SEPARATORS:
        rest = rest[1:]
    if not rest:
        raise Refused("nothing but the folder's name is filled in")
    head = f"{first.prefix}{first.quote}{lead}{''.join(_slashed(rest))}{first.quote}"
    return head + literal.text[first.end : literal.tokens[1].start] + _others(literal) if len(literal.tokens) > 1 else head


def slashed(literal: Literal) -> str:
    """The same literal with `/` between its parts."""
    return _others(literal, 0)


def _others(literal: Literal, first: int = 1) -> str:
    pieces = list[str]()
    for token, after in zip(literal.tokens[first:], (*literal.tokens[first + 1 :], None), strict=True):
        pieces.append(_same(token) + (literal.text[token.end : after.start] if after else literal.text[token.end :]))
    return "".join(pieces)


def _same(token: Token) -> str:
    return f"{token.prefix}{token.quote}{''.join(_slashed(token.units))}{token.quote}"


def _slashed(units: Iterable[Unit], braced: bool = False) -> Iterable[str]:
    before = ""
    for unit in units:
        if unit.value in SEPARATORS:
            if before != "/":
                yield "/"
            before = "/"
        else:
            before = ""
            yield unit.text.replace("{", "{{").replace("}", "}}") if braced and unit.value is not None else unit.text
