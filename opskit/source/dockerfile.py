"""Dockerfile instructions (docs.docker.com/reference/dockerfile) with byte spans, continuation lines joined."""

import json
import re
from dataclasses import dataclass

CONTINUED = re.compile(rb"\\[ \t]*\r?\n")
INSTRUCTION = re.compile(rb"^[ \t]*([A-Za-z]+)[ \t]+((?:[^\\\n]|\\[ \t]*\r?\n|\\.)*)", re.M)


@dataclass(frozen=True, slots=True)
class Instruction:
    """`name` in capitals; `text` its arguments with continuations joined by spaces of the same length, so that
    `start` plus an offset in `text` (in bytes) is a place in the file."""

    name: str
    text: str
    start: int
    end: int

    def words(self) -> tuple[str, ...] | None:
        """The exec form (`["node", "x.js"]`), None for the shell form."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return None
        return tuple(map(str, found)) if isinstance(found, list) else None


def read_dockerfile(path: str, data: bytes) -> tuple[Instruction, ...]:
    """Never raises; comment lines are none."""
    blanked = re.sub(rb"^[ \t]*#[^\n]*", lambda m: b" " * len(m[0]), data, flags=re.M)
    found = []
    for match in INSTRUCTION.finditer(blanked):
        text = CONTINUED.sub(lambda m: b" " * len(m[0]), match[2]).decode("utf-8", "replace").rstrip()
        found.append(Instruction(match[1].decode().upper(), text, match.start(2), match.end(2)))
    return tuple(found)
