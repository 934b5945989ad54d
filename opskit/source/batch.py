"""Batch files as steps (learn.microsoft.com, Windows commands: set, for, call, start): variables, `for %%p in (...)`, `call :label`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from opskit.source.shell_steps import DEEPEST, HERE, MOST, Step, limited, lines_of
from opskit.source.traced import Traced, joined, made

LABEL = re.compile(r"[ \t]*:(?P<name>[A-Za-z_][\w-]*)[ \t]*\Z")
CALL = re.compile(r"[ \t]*@?call[ \t]+:(?P<name>[A-Za-z_][\w-]*)(?P<given>.*)\Z", re.I | re.S)
LOOP = re.compile(
    r"(?P<indent>[ \t]*)@?for[ \t]+%%~?(?P<name>\w)[ \t]+in[ \t]+\((?P<words>[^)]*)\)[ \t]+do[ \t]*(?P<rest>.*)\Z", re.I | re.S
)
SET = re.compile(
    r"[ \t]*@?set[ \t]+(?:\"(?P<held>[^=\"]+)=(?P<within>[^\"]*)\"|(?P<name>[A-Za-z_]\w*)=(?P<value>[^&]*?))[ \t]*(?:&.*)?\Z",
    re.I | re.S,
)
FILLED = re.compile(
    r"(?P<here>%~dp0|%cd%)(?:[\\/](?!\"))?|%(?P<name>[A-Za-z_]\w*)(?::[^%]*)?%|!(?P<late>[A-Za-z_]\w*)(?::[^!]*)?!"
    r"|%~?(?P<at>[1-9*])|%%~?(?:[a-z]*)(?P<loop>[A-Za-z])(?!\w)",
    re.I,
)
WORD = re.compile(r"\"[^\"]*\"|[^\s,;\"]+")


@dataclass(slots=True)
class Batch:
    variables: dict[str, Traced] = field(default_factory=dict)
    labels: dict[str, list[Traced]] = field(default_factory=dict)
    called: frozenset[str] = frozenset()
    work: int = 0

    def run(self, lines: list[Traced], depth: int = 0) -> Iterator[Step]:
        at = 0
        while at < len(lines) and depth < DEEPEST and self.work < MOST:
            raw, at = lines[at], at + 1
            self.work += 1
            if label := LABEL.match(raw.text):
                if depth == 0 and label["name"].lower() in self.called:
                    at = next((n for n in range(at, len(lines)) if LABEL.match(lines[n].text)), len(lines))
                elif depth:
                    return
                continue
            line = raw.filled(FILLED, self._value)
            if loop := LOOP.match(line.text):
                body, at = _body(lines, at, loop)
                yield from self._loop(line, loop, body, depth)
            elif (call := CALL.match(line.text)) and call["name"].lower() in self.labels:
                yield from self._call(line, call, depth)
            else:
                self._remember(line)
                yield Step(line)

    def _loop(self, line: Traced, loop: re.Match[str], body: list[Traced], depth: int) -> Iterator[Step]:
        words, inner = line.cut(*loop.span("words")), body or [line.cut(*loop.span("rest")).stripped(" \t()")]
        for item in [words.cut(*m.span()).unquoted() for m in WORD.finditer(words.text)][:100]:
            self.variables[f"%{loop['name']}"] = item
            yield from self.run(inner, depth + 1)
        self.variables.pop(f"%{loop['name']}", None)

    def _call(self, line: Traced, call: re.Match[str], depth: int) -> Iterator[Step]:
        given = line.cut(*call.span("given"))
        kept = {key: value for key, value in self.variables.items() if key[0].isdigit() or key == "*"}
        arguments = [given.cut(*m.span()).unquoted() for m in WORD.finditer(given.text)]
        self.variables |= {str(n): value for n, value in enumerate(arguments, 1)} | {"*": given}
        yield from self.run(self.labels[call["name"].lower()], depth + 1)
        self.variables = {k: v for k, v in self.variables.items() if not (k[0].isdigit() or k == "*")} | kept

    def _remember(self, line: Traced) -> None:
        if found := SET.match(line.text):
            held = found["held"] is not None
            value = line.cut(*found.span("within" if held else "value"))
            self.variables[(found["held"] if held else found["name"]).strip().lower()] = value.unquoted()

    def _value(self, match: re.Match[str]) -> Traced | None:
        if match["here"]:
            return made(HERE + "/")
        if match["loop"]:
            return self.variables.get(f"%{match['loop']}")
        value = self.variables.get((match["name"] or match["late"] or match["at"]).lower())
        return joined((value, made("/"))) if value and value.text == HERE else value


def _body(lines: list[Traced], at: int, loop: re.Match[str]) -> tuple[list[Traced], int]:
    """The lines of a loop whose parenthesis ends on a line of its own, and where to go on."""
    if loop["rest"].strip() != "(":
        return [], at
    stop = next((n for n in range(at, len(lines)) if lines[n].text.startswith(loop["indent"] + ")")), len(lines))
    return lines[at:stop], stop + 1


def steps(data: bytes) -> Iterator[Step]:
    """`data` with each line that goes on in the next already made one."""
    lines = lines_of(data)
    labels = {found["name"].lower(): lines[n + 1 :] for n, line in enumerate(lines) if (found := LABEL.match(line.text))}
    called = frozenset(found["name"].lower() for line in lines if (found := CALL.match(line.text)))
    return limited(Batch(labels=labels, called=called & labels.keys()).run(lines))
