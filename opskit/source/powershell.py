"""PowerShell scripts as steps (learn.microsoft.com/powershell: about_Hash_Tables, about_Foreach, about_Functions, Start-Process):
tables that are looped over, functions with their parameters, and what Start-Process starts, where, with which arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from opskit.source.powershell_text import Part, bare, closing, parts_of, statements, tokens
from opskit.source.powershell_value import Value, value_of
from opskit.source.shell_steps import DEEPEST, HERE, MOST, Step, limited
from opskit.source.traced import Traced, joined, made, read_traced

FUNCTION = re.compile(r"function\s+(?P<name>[\w:-]+)\s*(?P<given>\([^)]*\))?\s*\{", re.I)
EACH = re.compile(r"(?:\$[\w.]+\s*\+?=\s*)?foreach\s*\(\s*\$(?P<name>\w+)\s+in\s+", re.I)
PIPED = re.compile(r"\|\s*(?:ForEach-Object|foreach|%)\s*(?:-Process\s*)?(?=\{)", re.I)
GIVEN = re.compile(r"(?:\[[\w.\[\]]+\]\s*)?\$(?P<name>\w+)\s*(?P<add>\+)?=(?!=)\s*", re.I)
PARAMETERS = re.compile(r"\s*param\s*\(", re.I)
PARAMETER = re.compile(r"(?:^|[\s,\]])\$(?P<name>\w+)\s*(?:=\s*(?P<value>[^,\n]+))?")
ACCESS = re.compile(r"\$(?P<name>\w+)(?P<path>(?:\.\w+|\[[^\]\[]+\])*)\Z")
STEP = re.compile(r"\.(?P<key>\w+)|\[(?P<inner>[^\]\[]+)\]")
FILLED = re.compile(r"`\$|\$\(\s*(?P<inner>[^()]*(?:\([^()]*\)[^()]*)*)\)|\$\{(?P<braced>\w+)\}|\$(?P<plain>\w+(?:\.\w+|\[[\w'\"$-]+\])*)")
OWN = re.compile(r"\$\(?MyInvocation\.MyCommand\.(?:Path|Definition|Source)\)?|\$PSCommandPath", re.I)
PLACE = re.compile(r"\$PSScriptRoot|\$PWD(?:\.Path)?|\(?Get-Location\)?(?:\.Path)?", re.I)
SHELLS = frozenset(("powershell", "pwsh", "powershell.exe", "pwsh.exe"))
STARTS = re.compile(r"(?:\$[\w.:]+\s*\+?=\s*)?(?:\$null\s*=\s*)?(?:Start-Process|saps)\b", re.I)
FOLDER = re.compile(r"(?:Set-Location|Push-Location|sl|cd|chdir|pushd)\s+(?:-(?:Literal)?Path\s+)?(?P<to>.+)\Z", re.I | re.S)
APART = re.compile(r"-ScriptBlock\b|\bStart-(?:Thread)?Job\b|\bInvoke-Command\b", re.I)
SCRIPT = re.compile(r"-(?:Command|c|EncodedCommand)\b", re.I)


@dataclass(slots=True)
class PowerShell:
    variables: dict[str, Value] = field(default_factory=dict)
    functions: dict[str, tuple[tuple[str, ...], Traced]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    work: int = 0

    def run(self, text: Traced, depth: int = 0) -> Iterator[Step]:
        for statement in statements(text) if depth < DEEPEST and self.work < MOST else ():
            self.work += 1
            yield from self._statement(statement, depth)
        if depth == 0:
            for name in [n for n in self.functions if n not in self.called]:
                yield Step(made(""), "open")
                yield from self.run(self.functions[name][1], 1)
                yield Step(made(""), "close")

    def _statement(self, said: Traced, depth: int) -> Iterator[Step]:
        text = said.text
        if found := FUNCTION.match(text):
            end = closing(text, found.end() - 1)
            self._define(said.cut(found.end(), end), found)
        elif found := PARAMETERS.match(text):
            end = closing(text, found.end() - 1)
            self._defaults(said.cut(found.end(), end))
            yield from self.run(said.cut(end + 1), depth + 1)
        elif found := EACH.match(text):
            opened = text.index("(")
            end = closing(text, opened)
            body = text.find("{", end)
            if body >= 0:
                yield from self._each(said.cut(found.end(), end), found["name"], said.cut(body + 1, closing(text, body)), depth)
        elif found := PIPED.search(text):
            body = found.end()
            yield from self._each(said.cut(0, found.start()), "_", said.cut(body + 1, closing(text, body)), depth)
        elif STARTS.match(text):
            yield from self._process(said, depth)
        elif (given := GIVEN.match(text)) and "{" not in bare(text[given.end() :].replace("@{", "@[")):
            self._remember(said, given)
            yield Step(self.filled(said.cut(given.end())))
        else:
            yield from self._plain(said, depth)

    def _define(self, body: Traced, found: re.Match[str]) -> None:
        listed = found["given"] or ""
        if own := re.search(r"^\s*(?:\[CmdletBinding\(.*?\)\]\s*)?param\s*\(", body.text, re.I):
            end = closing(body.text, own.end() - 1)
            listed = body.text[own.end() : end]
        names = tuple(m["name"].lower() for m in PARAMETER.finditer(listed))
        self.functions[found["name"].lower()] = names, body

    def _defaults(self, listed: Traced) -> None:
        """What parameters are when nothing is given."""
        for found in PARAMETER.finditer(listed.text):
            if found["value"] and found["name"].lower() not in self.variables:
                self.variables[found["name"].lower()] = self.value(listed.cut(*found.span("value")))

    def _each(self, listed: Traced, name: str, body: Traced, depth: int) -> Iterator[Step]:
        value = self.value(listed)
        items = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        kept = self.variables.get(name.lower())
        for item in items[:100]:
            self.variables[name.lower()] = item
            yield from self.run(body, depth + 1)
        if not items:
            yield from self.run(body, depth + 1)
        self.variables.pop(name.lower(), None)
        self.variables |= {name.lower(): kept} if kept is not None else {}

    def _remember(self, said: Traced, given: re.Match[str]) -> None:
        name, value = given["name"].lower(), self.value(said.cut(given.end()))
        old = self.variables.get(name)
        if given["add"] and isinstance(old, list):
            self.variables[name] = [*old, *(value if isinstance(value, list) else [value])]
        elif not given["add"]:
            self.variables[name] = value

    def _plain(self, said: Traced, depth: int) -> Iterator[Step]:
        """A command, a call of a function, or what stands in braces below a condition."""
        words = tokens(said)
        name = words[0].text.lower() if words else ""
        if name in self.functions and depth < DEEPEST:
            yield from self._call(name, words[1:], depth)
            return
        blocks = parts_of(said)
        arguments = self._after(blocks)
        apart = APART.search(said.text[: len(blocks[0].text.text)]) is not None
        for block in blocks:
            if block.inside:
                yield from (Step(made(""), "open") for _ in range(apart))
                yield from self._block(block.text, arguments, depth)
                yield from (Step(made(""), "close") for _ in range(apart))
            elif block.text.text.strip():
                yield Step(self._moving(self.filled(block.text)))

    def _after(self, blocks: list[Part]) -> list[Value]:
        """What `-ArgumentList` gives to a script block."""
        for block in blocks:
            if not block.inside and (found := re.search(r"-(?:ArgumentList|Args)\s+", block.text.text, re.I)):
                value = self.value(block.text.cut(found.end()))
                return value if isinstance(value, list) else [value]
        return []

    def _block(self, body: Traced, arguments: list[Value], depth: int) -> Iterator[Step]:
        if arguments and (own := re.search(r"^\s*param\s*\(", body.text, re.I)):
            names = [m["name"].lower() for m in PARAMETER.finditer(body.text[own.end() : closing(body.text, own.end() - 1)])]
            self.variables |= dict(zip(names, arguments, strict=False))
        yield from self.run(body, depth + 1)

    def _call(self, name: str, words: list[Traced], depth: int) -> Iterator[Step]:
        names, body = self.functions[name]
        given, free, at = dict[str, Value](), list(names), 0
        while at < len(words):
            key = words[at].text[1:].lower() if words[at].text[:1] == "-" else ""
            if key in names and at + 1 < len(words):
                given[key], at = self.value(words[at + 1]), at + 2
                free = [n for n in free if n != key]
            else:
                if not key and free:
                    given[free.pop(0)] = self.value(words[at])
                at += 1
        kept = {n: self.variables.pop(n) for n in names if n in self.variables}
        self.variables |= given
        self.called.add(name)
        yield from self.run(body, depth + 1)
        self.variables = {k: v for k, v in self.variables.items() if k not in names} | kept

    def _process(self, said: Traced, depth: int) -> Iterator[Step]:
        """`Start-Process [-FilePath] program [-ArgumentList] "a", "b" -WorkingDirectory here`."""
        words = tokens(said.cut(STARTS.match(said.text).end()))  # type: ignore[union-attr]
        named, key = dict[str, list[Traced]](), "filepath"
        for word in words:
            if re.fullmatch(r"-[A-Za-z]+:?", word.text):
                low = word.text[1:].rstrip(":").lower()
                key = "argumentlist" if low in ("args", "argument", "arguments") or "argumentlist".startswith(low) else low
                named.setdefault(key, [])
                continue
            named.setdefault(key, []).append(word)
            key = "argumentlist" if key == "filepath" else key if word.text.endswith(",") or key == "argumentlist" else "argumentlist"
        program, listed = self._texts(named.get("filepath", [])), self._texts(named.get("argumentlist", []))
        where = self._texts(named.get("workingdirectory", []))
        yield Step(joined(where), "open")
        yield from self._started(joined(program), listed, depth)
        yield Step(made(""), "close")

    def _started(self, program: Traced, listed: list[Traced], depth: int) -> Iterator[Step]:
        if program.text.rsplit("/", 1)[-1].lower() not in SHELLS:
            yield Step(joined((program, *(p for each in listed for p in (made(" "), each)))))
            return
        line = joined(p for each in listed for p in (each, made(" ")))
        found = SCRIPT.search(line.text)
        plain = re.sub(r"^(?:\s*-(?:NoExit|NoProfile|NoLogo|(?:ExecutionPolicy|WindowStyle|ep)\s+\w+))*\s*", "", line.text, flags=re.I)
        body = line.cut(found.end()) if found else line.cut(len(line.text) - len(plain))
        if not body.text.lower().lstrip().startswith("-file"):
            yield from self.run(body.filled(re.compile(r"^\s*[&{]|\}\s*$"), lambda m: made(" ")).unquoted(), depth + 1)

    def _texts(self, words: list[Traced]) -> list[Traced]:
        found = list[Traced]()
        for word in words:
            value = self.value(word.stripped(" ,\r\n\t"))
            found += [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, Traced) and v.text]
        return found

    def _moving(self, line: Traced) -> Traced:
        """`cd (Join-Path $root "api")` as plain words."""
        found = FOLDER.match(line.text.strip())
        if found is None:
            return line
        to = line.stripped().cut(*found.span("to"))
        value = self.value(to)
        return made('cd "') + value + made('"') if isinstance(value, Traced) else line

    def value(self, said: Traced) -> Value:
        return value_of(self.filled, self.access, said)

    def access(self, text: str) -> Value | None:
        """What `$name.key[0]` is, None where it is not known."""
        found = ACCESS.match(text.strip())
        here: Value | None = self.variables.get(found["name"].lower()) if found else None
        for step in STEP.finditer(found["path"]) if found else ():
            if step["key"] is not None:
                here = _member(here, step["key"].lower())
                continue
            inner = self.access(step["inner"]) if step["inner"].startswith("$") else made(step["inner"].strip("'\""))
            key = inner.text if isinstance(inner, Traced) else ""
            here = here.get(key.lower()) if isinstance(here, dict) else here[int(key)] if _inside(here, key) else None  # type: ignore[index]
        return here

    def filled(self, line: Traced) -> Traced:
        if "$" not in line.text and "Get-Location" not in line.text:
            return line
        return line.filled(OWN, lambda m: made(HERE + "/script")).filled(PLACE, lambda m: made(HERE)).filled(FILLED, self._filling)

    def _filling(self, match: re.Match[str]) -> Traced | None:
        if match[0] == "`$":
            return made("$")
        if match["inner"] is not None:
            inner = match["inner"].strip()
            value = self.access(inner) if inner.startswith("$") else None
            return value if isinstance(value, Traced) else None
        text = "$" + (match["braced"] or match["plain"])
        while text:
            value = self.access(text)
            if isinstance(value, Traced):
                return value + made(match[0][len(text) :] if match["plain"] else "")
            text = re.sub(r"(?:\.\w+|\[[^\]]*\])\Z", "", text) if re.search(r"[.\]]", text) else ""
        return None


def _member(here: Value | None, key: str) -> Value | None:
    if isinstance(here, dict):
        listings: dict[str, Value] = {"keys": [made(name) for name in here], "values": list(here.values())}
        return here.get(key, listings.get(key))
    return None


def _inside(here: Value | None, key: str) -> bool:
    return isinstance(here, list) and key.isdigit() and int(key) < len(here)


def steps(data: bytes) -> Iterator[Step]:
    """`data` with each line that goes on in the next already made one."""
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    return limited(PowerShell().run(read_traced(data, start)))
