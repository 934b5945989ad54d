"""Text of languages that opskit does not parse: comments blanked, and what number an expression comes to by its common forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from opskit.survey.facts import Confidence

COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)\')|//[^\n]*|/\*.*?\*/', re.S)
HASHED = re.compile(r'("(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')|(?://|#)[^\n]*|/\*.*?\*/', re.S)
LITERAL = re.compile(
    r"""^\s*["'`]?(?:(?:https?|tcp)://)?(?:(?P<host>\[[^\]]*\]|[\w.*+-]*):)?(?P<port>\d{2,5})/?["'`]?(?:_?u16|_?u32|L)?\s*$"""
)
ADDRESS = re.compile(r"""["'`](?:(?:https?|tcp)://)?(?P<host>\[[^\]"]*\]|[\w.*+-]*):(?P<port>\d{2,5})/?["'`]""")
BARE = re.compile(r"""(?<![\w."'`:-])["'`]?(?P<port>\d{2,5})["'`]?(?:u16|u32|_u16)?(?![\w"'`]|\.\d)""")
FILLED = re.compile(
    r"""["'`][^"'`\n]*:(?:[#$]?\{\$?(?:self\.|this\.)?(?P<name>[A-Za-z_][\w.]*)(?::\w*)?\}|\$(?P<plain>[A-Za-z_]\w*))[^"'`\n:]*["'`]"""
)
KEYED = re.compile(r"""\.(?:get(?:_\w+)?|Get\w*)(?:::<\w+>)?\(\s*["'](?P<key>[A-Za-z][\w.:-]*)["']""")
READ = re.compile(
    r"""(?:Getenv|getenv|LookupEnv|GetEnvironmentVariable|env::var(?:_os)?|var|env|[gG]et[Ee]nv\w*|\w*[eE]nv\w*(?:Or\w*|Default)?|GetString|GetInt)"""
    r"""!?\s*\(\s*["'](?P<name>[A-Z][A-Z0-9_]*)["'](?:\s*,\s*["']?:?(?P<default>\d{2,5})["']?)?|ENV(?:\.fetch\(|\[)["'](?P<ruby>[A-Z_0-9]+)["']|_(?:ENV|SERVER)\[['"](?P<key>[A-Z_0-9]+)['"]\]"""
)
WORD = re.compile(r"(?<![\w\"'`])(?:self\.|this\.|\*|&)?(?P<name>[A-Za-z_$][\w.$]*)(?![\w(!\"'`])")
NOISE = frozenset(
    "string int str u16 u32 fmt format new String Integer parse unwrap expect to_string into as let mut var const nil null true false "
    "Sprintf strconv Itoa env std args ok addr_of self this".split()
)
BYTES = re.compile(r"\[[\d\s,]*\]")
TELLING = re.compile(r"port|addr|bind|listen|endpoint|socket|url", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """`start` and `end` are the digits' characters in the text that was asked."""

    port: int | None
    start: int = 0
    end: int = 0
    host: str = ""
    variable: str = ""
    via: tuple[str, ...] = ()
    confidence: Confidence = "medium"


def without_comments(text: str, hashes: bool = False) -> str:
    """The same length, so that offsets hold; strings stay."""
    return (HASHED if hashes else COMMENT).sub(lambda m: m[0] if m[1] else re.sub(r"[^\n]", " ", m[0]), text)


def number_in(text: str, start: int, end: int, depth: int = 0) -> Found | None:
    """What the expression text[start:end] comes to: a literal, an environment variable with its fallback, a name that the
    same text gives a value to."""
    expression = BYTES.sub(lambda m: " " * len(m[0]), text[start:end])
    if depth > 4 or not expression.strip():
        return None
    read = READ.search(expression)
    variable = (read["name"] or read["key"] or read["ruby"] or "") if read else ""
    if read and read["default"]:
        return Found(int(read["default"]), start + read.start("default"), start + read.end("default"), "", variable, (variable,))
    literal = (
        ADDRESS.search(expression) or LITERAL.match(expression) or (BARE.search(expression) if depth or read or "," in expression else None)
    )
    if literal and 0 < int(literal["port"]) < 65536:
        host = (literal["host"] if "host" in literal.re.groupindex else "") or ""
        return Found(
            int(literal["port"]),
            start + literal.start("port"),
            start + literal.end("port"),
            host.strip("[]"),
            variable,
            (variable,) if variable else (),
        )
    open_end: Found | None = None
    for name in _names(expression, depth):
        if (found := _named(text, name, depth, start)) is not None:
            told = replace(found, variable=found.variable or variable, via=(name, *found.via))
            if told.port is not None:
                return told
            open_end = open_end or told
    return open_end or (Found(None, variable=variable, via=(variable,)) if variable else None)


def _names(expression: str, depth: int) -> Iterator[str]:
    """The names that decide: in the holes of a string that ends in its port, in words, in the keys of a settings library."""
    for hole in FILLED.finditer(expression):
        yield (hole["name"] or hole["plain"]).rsplit(".", 1)[-1]
    for word in WORD.finditer(re.sub(r'"[^"]*"', lambda m: " " * len(m[0]), expression)):
        name = word["name"].rsplit(".", 1)[-1]
        if name not in NOISE and len(name) > 1 and (not depth or TELLING.search(name)):
            yield name
    for keyed in KEYED.finditer(expression):
        if TELLING.search(name := re.split(r"[.:]", keyed["key"])[-1]):
            yield name


def _named(text: str, name: str, depth: int, before: int) -> Found | None:
    """The value that a name is given: the first with a number, an environment variable on the way remembered."""
    pattern = re.compile(
        r"(?<![\w])"
        + re.escape(name)
        + r"\b(?:\s*:\s*(?:&?(?:'static\s+)?[A-Za-z]\w*(?:<\w+>)?)(?=\s*=))?(?:[ \t]*,[ \t]*\w+(?=\s*:?=))?(?:[ \t]+[\w.\[\]]+(?=[ \t]*=))?"
        r"\s*(?::=|=(?!=)|:(?!:))\s*(?P<value>)"
        r"|flag\.(?:String|Int|Uint|StringVar|IntVar|UintVar)\((?:&\w+\.?\w*,\s*)?\"" + re.escape(name) + r"\"\s*,\s*(?P<flag>[^,]+)"
        r"|SetDefault\(\"(?:\w+\.)*" + re.escape(name) + r"\"\s*,\s*(?P<given>[^)]+)"
        r"|\b" + re.escape(name) + r"\s+\w+\s+`[^`]*?(?:default|envDefault|env-default):\"(?P<tag>\d+)\""
        r"|#\[(?:arg|clap|structopt)\([^\]]*?\bdefault_value(?:_t)?\s*=\s*\"?(?P<clap>\d{2,5})\"?[^\]]*\]\s*(?:pub\s+)?"
        + re.escape(name)
        + r"\s*:",
        re.I,
    )
    variable, via = "", tuple[str, ...]()
    for match in pattern.finditer(text):
        group = match.lastgroup or "value"
        if group in ("tag", "clap"):
            return Found(int(match[group]), *match.span(group), variable=variable)
        start, end = argument(text, match.start(group), line=True) if group == "value" else match.span(group)
        if start <= before < end:
            continue
        found = number_in(text, start, end, depth + 1)
        if found is not None and found.port is not None:
            return replace(found, variable=found.variable or variable, via=(*via, *found.via))
        if found is not None:
            variable, via = variable or found.variable, found.via
    return Found(None, variable=variable, via=via) if variable else None


def argument(text: str, start: int, position: int = 0, line: bool = False) -> tuple[int, int]:
    """The span of one argument of a call whose parenthesis opens before `start`; with `line` of a value that its line ends."""
    depth, at, first, quote = 0, start, start, ""
    while at < len(text) and at - start < 2000:
        char = text[at]
        if quote:
            at += char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'`":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and (char == ";" or (line and char == "\n")):
            break
        elif char == "," and depth == 0:
            if position == 0:
                break
            position, first = position - 1, at + 1
        at += 1
    return (first, at) if position == 0 else (at, at)
