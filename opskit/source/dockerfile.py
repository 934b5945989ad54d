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


def stage(instructions: tuple[Instruction, ...], target: str = "") -> tuple[Instruction, ...]:
    """What counts for the image of a build's target (the last stage without one), with what the stages that it goes on from say
    before it; the last stage where no stage has the target's name."""
    stages: list[tuple[str, str, list[Instruction]]] = []
    for each in instructions:
        if each.name == "FROM":
            words = _plain(each)
            name = words[2] if len(words) > 2 and words[1].lower() == "as" else ""
            stages.append((name.lower(), words[0].lower() if words else "", [each]))
        elif stages:
            stages[-1][2].append(each)
    if not stages:
        return instructions
    named = (i for i, (name, _, _) in enumerate(stages) if target and name == target.lower())
    at: int | None = next(named, len(stages) - 1)
    found: tuple[Instruction, ...] = ()
    while at is not None:
        _, base, own = stages[at]
        found = (*own, *found)
        at = next((i for i in range(at) if stages[i][0] == base), None)
    return found


def base(instructions: tuple[Instruction, ...], target: str = "") -> str:
    """The image that a build's target goes on from, through all its stages; "" where nothing says it."""
    return next((words[0] for each in stage(instructions, target) if each.name == "FROM" and (words := _plain(each))), "")


def _plain(each: Instruction) -> list[str]:
    """An instruction's words without its flags."""
    return [word for word in each.text.split() if not word.startswith("--")]
