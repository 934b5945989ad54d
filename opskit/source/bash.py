"""Bash, zsh and sh scripts, Makefiles and justfiles as steps (gnu.org: Bash manual, Shell Parameter Expansion and Arrays; GNU make,
Setting Variables; just.systems: assignments). Conditions are not judged: both ways are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from opskit.source.shell_steps import DEEPEST, HERE, MOST, Step, limited, lines_of
from opskit.source.traced import Traced, joined, made

DEFINED = re.compile(
    r"(?P<indent>[ \t]*)(?:function[ \t]+(?P<word>[\w-]+)[ \t]*(?:\([ \t]*\))?|(?P<name>[\w-]+)[ \t]*\([ \t]*\))"
    r"[ \t]*(?P<open>\{)?(?P<rest>.*)\Z",
    re.S,
)
LOOP = re.compile(r"(?P<indent>[ \t]*)for[ \t]+(?P<name>\w+)[ \t]+in[ \t]+(?P<words>.*?)[ \t]*(?:;[ \t]*do\b(?P<rest>.*))?\Z", re.S)
LISTED = re.compile(
    r"[ \t]*(?:(?:declare|local|typeset|readonly)[ \t]+(?:-\w+[ \t]+)*)?(?P<name>[A-Za-z_]\w*)\+?=\((?P<items>.*?)\)[ \t]*\Z", re.S
)
LISTING = re.compile(r"[ \t]*(?:(?:declare|local|typeset|readonly)[ \t]+(?:-\w+[ \t]+)*)?[A-Za-z_]\w*\+?=\([^)]*\Z")
KEYED = re.compile(r"\[[\"']?(?P<key>[^\]\"']+)[\"']?\]=(?P<value>\"[^\"]*\"|'[^']*'|\S+)")
ONE_KEY = re.compile(r"[ \t]*(?P<name>[A-Za-z_]\w*)\[[\"']?(?P<key>[^\]\"']+)[\"']?\]=(?P<value>\"[^\"]*\"|'[^']*'|\S+)[ \t]*\Z")
SET = re.compile(
    r"(?:[ \t]*(?:local|export|readonly|declare|typeset)[ \t]+(?:-\w+[ \t]+)*|[ \t]+|\A)(?P<name>[A-Za-z_]\w*)="
    r"(?P<value>\"(?:\\.|[^\"\\])*\"|'[^']*'|[^\s;&|()'\"]*)(?=[\s;]|\Z)"
)
ONLY_SET = re.compile(r"[ \t]*(?:(?:local|export|readonly|declare|typeset)[ \t]+)?(?:-\w+[ \t]+)*[A-Za-z_]\w*=")
MADE = re.compile(r"(?P<name>[A-Za-z_][\w.-]*)[ \t]*(?:\?=|::?=|=)[ \t]*(?P<value>[^\n#]*?)[ \t]*(?:#.*)?\Z")
FILLED = re.compile(
    r"\"?\$\{!(?P<keys>\w+)\[[@*]\]\}\"?|\"?\$\{(?P<all>\w+)\[[@*]\]\}\"?|\$\{(?P<array>\w+)\[[\"']?(?P<key>[^\]\"'$]+)[\"']?\]\}"
    r"|\$\{(?P<cut>\w+)(?P<how>%%|%|##|#)(?P<lead>\*?)(?P<sign>[^\w*}\\])(?P<trail>\*?)\}"
    r"|\$\{(?P<braced>\w+)(?::?-(?P<default>[^{}$]*))?\}|\$(?P<name>[A-Za-z_]\w*|[0-9@*])")
IN_MAKE = re.compile(r"\$\((?P<made>[A-Za-z_][\w.-]*)\)|\$\{(?P<braced>[A-Za-z_]\w*)\}|\{\{[ \t]*(?P<just>[A-Za-z_][\w-]*)[ \t]*\}\}")
READ = re.compile(
    r"[ \t]*IFS=[\"']?(?P<sign>[^\"'\s])[\"']?[ \t]+read[ \t]+(?:-\w+[ \t]+)*(?P<names>[\w \t]+?)[ \t]*<<<"
    r"[ \t]*(?P<value>\"[^\"]*\"|'[^']*'|\S+)"
)
FIELD = re.compile(
    r"\$\([ \t]*echo[ \t]+[\"']?(?P<text>[^\"'|$]+?)[\"']?[ \t]*\|"
    r"[ \t]*cut[ \t]+-d[ \t]*[\"']?(?P<sign>[^\"'\s])[\"']?[ \t]+-f[ \t]*(?P<which>\d)[ \t]*\)"
)
WORD = re.compile(r"(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[^\s'\"&|;<>])+")
OWN = r"(?:\$0|\$\{?BASH_SOURCE(?:\[0\])?\}?|\$\{\(%\):-%[xN]\}|\$\([ \t]*(?:readlink[ \t]+-f|realpath)[ \t]+[^()]*\))"
FOLDERS = tuple(map(re.compile, (
    rf"\$\([ \t]*cd[ \t]+(?:--[ \t]+)?\"?\$\([ \t]*dirname[ \t]+(?:--[ \t]+)?\"?{OWN}\"?[ \t]*\)"
    r"(?P<rest>[^\"&;)]*)\"?[^&;)]*(?:&&|;)[ \t]*pwd[^)]*\)",
    rf"\$\([ \t]*dirname[ \t]+(?:--[ \t]+)?\"?{OWN}\"?[ \t]*\)",
    r"\$\([ \t]*pwd[^)]*\)|\$\{?PWD\}?|`pwd`|`dirname \"?\$0\"?`",
    rf"\$\([ \t]*cd[ \t]+\"?(?P<rest>{HERE}[^\"&;)]*)\"?[^&;)]*(?:&&|;)[ \t]*pwd[^)]*\)",
    rf"\$\([ \t]*dirname[ \t]+\"?(?P<rest>{HERE}[^\")]*)\"?[ \t]*\)",
    rf"\$\([ \t]*realpath[ \t]+\"?(?P<rest>{HERE}[^\")]*)\"?[ \t]*\)",
    rf"\$\{{\w+:?-(?P<rest>{HERE}[^}}]*)\}}",
)))


@dataclass(slots=True)
class Shell:
    """`make` where each line is a shell of its own and `$(NAME)` is a variable."""

    make: bool = False
    variables: dict[str, Traced] = field(default_factory=dict)
    arrays: dict[str, dict[str, Traced]] = field(default_factory=dict)
    functions: dict[str, list[Traced]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    opened: int = 0
    work: int = 0

    def run(self, lines: list[Traced], depth: int = 0) -> Iterator[Step]:
        at = 0
        while at < len(lines) and depth < DEEPEST and self.work < MOST:
            line, at = lines[at], at + 1
            self.work += 1
            if not self.make and (found := DEFINED.match(line.text)) and (found["open"] or found["word"] or _opens(lines, at)):
                at = self._define(lines, at, found)
                continue
            while LISTING.match(line.text) and at < len(lines):
                line, at = line + made(" ") + lines[at].filled(re.compile(r"(?:^|\s)#.*"), lambda m: made(" ")), at + 1
            line = self.filled(line)
            loop = LOOP.match(line.text)
            if loop is not None:
                body, at = ([], at) if (loop["rest"] or "").strip() else _until(lines, at, loop["indent"], "done")
                yield from self._loop(line, loop, body, depth)
            elif not self._remember(line):
                yield from self._line(line, depth)
        if depth == 0:
            yield from self._never_called()

    def _never_called(self) -> Iterator[Step]:
        for name in [n for n in self.functions if n not in self.called]:
            if name not in self.called:
                yield Step(made(""), "open")
                yield from self.run(self.functions[name], 1)
                yield Step(made(""), "close")

    def _define(self, lines: list[Traced], at: int, found: re.Match[str]) -> int:
        rest, line = found["rest"].strip(), lines[at - 1]
        if rest.endswith("}"):
            body = line.cut(found.start("rest"), line.text.rindex("}")).parted(re.compile(r";(?!;)"))
        else:
            body, at = _until(lines, at, found["indent"], r"\}")
        self.functions[found["word"] or found["name"]] = body
        return at

    def _loop(self, line: Traced, loop: re.Match[str], body: list[Traced], depth: int) -> Iterator[Step]:
        inner = body or [line.cut(*loop.span("rest")).filled(re.compile(r";?[ \t]*\bdone\b.*\Z", re.S), lambda m: made(""))]
        words = line.cut(*loop.span("words"))
        items = [words.cut(*m.span()).unquoted() for m in WORD.finditer(words.text)]
        if not items or any("$" in item.text or "`" in item.text for item in items):
            yield from self.run(inner, depth + 1)
            return
        for item in items[:100] if self.work < MOST else ():
            self.variables[loop["name"]] = item
            yield from self.run(inner, depth + 1)
        self.variables.pop(loop["name"], None)

    def _remember(self, line: Traced) -> bool:
        """Whether the line only fills an array or names for later."""
        if listed := LISTED.match(line.text):
            items = line.cut(*listed.span("items"))
            keyed = {m["key"]: items.cut(*m.span("value")).unquoted() for m in KEYED.finditer(items.text)}
            plain = {str(n): items.cut(*m.span()) for n, m in enumerate(WORD.finditer(items.text))}
            old = self.arrays.get(listed["name"], {}) if "+=(" in line.text else {}
            fresh = keyed or {str(len(old) + int(at)): value for at, value in plain.items()}
            self.arrays[listed["name"]] = {**old, **fresh}
            return True
        if one := ONE_KEY.match(line.text):
            self.arrays.setdefault(one["name"], {})[one["key"]] = line.cut(*one.span("value")).unquoted()
            return True
        if read := READ.match(line.text):
            parts = line.cut(*read.span("value")).unquoted().parted(re.compile(re.escape(read["sign"])))
            names = read["names"].split()
            self.variables |= dict(zip(names, parts, strict=False)) if len(parts) >= len(names) else {}
            return True
        for found in SET.finditer(line.text) if not self.make and ONLY_SET.match(line.text) else ():
            self.variables[found["name"]] = line.cut(*found.span("value")).unquoted()
        if self.make and not line.text.startswith("\t") and (given := MADE.match(line.text)):
            self.variables[given["name"]] = line.cut(*given.span("value")).unquoted()
        return False

    def _line(self, line: Traced, depth: int) -> Iterator[Step]:
        bare = line.text.strip()
        if self.make and bare and line.text[0] in "\t ":
            yield Step(made(""), "open")
            yield Step(line)
            yield Step(made(""), "close")
        elif bare == "(":
            self.opened += 1
            yield Step(made(""), "open")
        elif bare[:1] == ")" and self.opened:
            self.opened -= 1
            yield Step(made(""), "close")
        elif (word := WORD.match(bare.removeprefix("if ").lstrip("!( \t"))) and word[0] in self.functions:
            yield from self._call(line, word[0], depth)
        else:
            yield Step(line)

    def _call(self, line: Traced, name: str, depth: int) -> Iterator[Step]:
        start = line.text.index(name) + len(name)
        given = [line.cut(start, None).cut(*m.span()).unquoted() for m in WORD.finditer(line.text[start:])]
        kept = {key: value for key, value in self.variables.items() if key.isdigit() or key in "@*"}
        self.variables = {k: v for k, v in self.variables.items() if k not in kept}
        self.variables |= {str(n): value for n, value in enumerate(given, 1)}
        self.variables |= dict.fromkeys("@*", joined(part for value in given for part in (value, made(" "))))
        self.called.add(name)
        yield from self.run(self.functions[name], depth + 1)
        self.variables = {k: v for k, v in self.variables.items() if not (k.isdigit() or k in "@*")} | kept

    def filled(self, line: Traced) -> Traced:
        if "$" not in line.text and "{{" not in line.text and "`" not in line.text:
            return line
        for _ in range(4):
            before = line.text
            for pattern in () if self.make else FOLDERS:
                line = line.filled(pattern, self._folder)
            line = line.filled(FIELD, partial(_field, line)) if "cut" in line.text else line
            line = line.filled(IN_MAKE, self._made) if self.make else line.filled(FILLED, self._value)
            if line.text == before or "$" not in line.text:
                break
        return line

    def _folder(self, match: re.Match[str]) -> Traced:
        rest = match["rest"] if "rest" in match.re.groupindex else ""
        up = "/.." if "dirname" in match[0] and rest.startswith(HERE) else ""
        return made(rest + up if rest.startswith(HERE) else HERE + rest)

    def _made(self, match: re.Match[str]) -> Traced | None:
        return self.variables.get(match["made"] or match["braced"] or match["just"])

    def _value(self, match: re.Match[str]) -> Traced | None:
        if match["keys"] or match["all"]:
            array = self.arrays.get(match["keys"] or match["all"])
            parts = [made(k) for k in array] if array and match["keys"] else list((array or {}).values())
            return joined(part for value in parts for part in (value, made(" "))) if array else None
        if match["array"]:
            told = self.arrays.get(match["array"], {}).get(match["key"].strip())
            return told.unquoted() if told else None
        if match["cut"]:
            whole = self.variables.get(match["cut"])
            return _trimmed(whole, match["how"], match["sign"], bool(match["lead"])) if whole else None
        return self.variables.get(match["braced"] or match["name"])


def _trimmed(whole: Traced, how: str, sign: str, leading: bool) -> Traced | None:
    """`${x%%:*}`, `${x##*:}`, `${x%/}`: up to or from the first or last sign."""
    if sign not in whole.text:
        return whole
    if "%" in how:
        return whole.cut(0, whole.text.index(sign) if how == "%%" else whole.text.rindex(sign))
    return whole.cut((whole.text.rindex(sign) if how == "##" else whole.text.index(sign)) + 1) if leading else None


def _field(line: Traced, match: re.Match[str]) -> Traced | None:
    parts = line.cut(*match.span("text")).parted(re.compile(re.escape(match["sign"])))
    return parts[int(match["which"]) - 1] if 0 < int(match["which"]) <= len(parts) else None


def _opens(lines: list[Traced], at: int) -> bool:
    return at < len(lines) and lines[at].text.strip() == "{"


def _until(lines: list[Traced], at: int, indent: str, word: str) -> tuple[list[Traced], int]:
    """The lines before the one that ends a block begun with this indent, and where to go on."""
    end = re.compile(rf"{re.escape(indent)}{word}(?![\w-])")
    stop = next((n for n in range(at, len(lines)) if end.match(lines[n].text)), len(lines))
    skip = {"do", "{"}
    return [line for line in lines[at:stop] if line.text.strip() not in skip], stop + 1


def steps(data: bytes, make: bool = False) -> Iterator[Step]:
    """`data` with each line that goes on in the next already made one."""
    return limited(Shell(make).run(lines_of(data)))
