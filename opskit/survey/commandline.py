"""What a command line starts: the simple commands in it, in which folder, with which environment."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

WORD = re.compile(r"""(?:[^\s'"&|;]|'[^']*'|"(?:\\.|[^"\\])*"|\\.|(?<=>)&\d)+|&&|\|\||[;&|]""")
ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)\Z", re.S)
OPERATORS = frozenset(("&&", "||", ";", "&", "|"))
RUNNERS: dict[str, frozenset[str]] = {
    "npx": frozenset(("-p", "--package")),
    "bunx": frozenset(),
    "exec": frozenset(),
    "sudo": frozenset(),
    "time": frozenset(),
    "nohup": frozenset(),
    "env": frozenset(),
    "cross-env": frozenset(),
    "cross-env-shell": frozenset(),
    "env-cmd": frozenset(("-f", "-e")),
    "dotenv": frozenset(("-e", "-c", "-v", "-p")),
    "dotenvx": frozenset(("-f",)),
    "tini": frozenset(),
    "dumb-init": frozenset(),
    "ddtrace-run": frozenset(),
    "opentelemetry-instrument": frozenset(),
    "newrelic-admin": frozenset(),
    "pipenv": frozenset(),
    "poetry": frozenset(),
    "bundle": frozenset(),
    "uv": frozenset(("--with", "--python", "--env-file")),
    "pdm": frozenset(),
    "hatch": frozenset(),
    "doppler": frozenset(("-p", "-c")),
    "op": frozenset(),
    "infisical": frozenset(),
    "forever": frozenset(),
    "pm2": frozenset(),
    "pm2-runtime": frozenset(),
    "heroku-php-apache2": frozenset(),
    "wait-for-it": frozenset(),
    "dockerize": frozenset(("-wait", "-timeout")),
    "rimraf": frozenset(),
}
RUN_WORDS = frozenset(("run", "run-program", "exec", "start", "--"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its place in the text; `value` has its quotes taken off."""

    value: str
    start: int
    end: int
    quote: int = 0


@dataclass(frozen=True, slots=True)
class Simple:
    """One simple command: `words` without leading assignments and wrappers, `env` what they set, `cwd` its folder."""

    words: tuple[Word, ...]
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)
    assigned: Mapping[str, Word] = field(default_factory=dict)

    @property
    def program(self) -> str:
        return posixpath.basename(self.words[0].value) if self.words else ""

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(word.value for word in self.words)

    def option(self, *names: str) -> Word | None:
        """The value of `--name value`, `--name=value` or `-nvalue`, with its own place."""
        for index, word in enumerate(self.words[1:], 1):
            if word.value in names:
                return self.words[index + 1] if index + 1 < len(self.words) else None
            for name in names:
                if len(name) > 2 and word.value.startswith(name + "="):
                    return _tail(word, len(name) + 1)
                if not name.startswith("--") and len(name) == 2 and re.match(rf"{name}[0-9$:]", word.value):
                    return _tail(word, 2)
        return None


def _tail(word: Word, skip: int) -> Word:
    inside = word.quote if word.quote else 0
    return Word(word.value[skip:], word.start + skip + inside, word.end, 0)


def words(text: str) -> list[Word]:
    found = []
    for match in WORD.finditer(text):
        raw = match[0]
        quoted = len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "'\"" and raw.count(raw[0]) == 2
        value = raw[1:-1] if quoted else re.sub(r"""(['"])(.*?)\1""", r"\2", raw)
        found.append(Word(value, match.start(), match.end(), int(quoted)))
    return found


def commands(text: str, cwd: str = ".") -> list[Simple]:
    """The simple commands of a shell line, in order; `cd x &&` and `export A=b;` hold for what follows."""
    found: list[Simple] = []
    env: dict[str, str] = {}
    assigned: dict[str, Word] = {}
    part: list[Word] = []
    for word in [*words(text.replace("\n", ";") if "\n" in text else text), Word(";", len(text), len(text))]:
        if word.value not in OPERATORS or word.quote:
            part.append(word)
            continue
        if part:
            cwd = _part(part, cwd, env, assigned, found)
        part = []
    return found


def _part(part: list[Word], cwd: str, env: dict[str, str], assigned: dict[str, Word], found: list[Simple]) -> str:
    """Add one command; returns the folder that the next one runs in."""
    head = part[0].value.lstrip("(")
    if head == "cd" and len(part) > 1:
        return posixpath.normpath(posixpath.join(cwd, part[1].value))
    if head in ("export", "set"):
        for word in part[1:]:
            _assign(word, env, assigned)
        return cwd
    own, own_words = dict(env), dict(assigned)
    rest = unwrapped(part, own, own_words)
    if rest:
        found.append(Simple(tuple(rest), cwd, own, own_words))
    elif own != env:
        env.update(own)
        assigned.update(own_words)
    return cwd


def _assign(word: Word, env: dict[str, str], assigned: dict[str, Word]) -> bool:
    match = ASSIGNMENT.match(word.value)
    if match is None:
        return False
    env[match[1]] = match[2].strip("'\"")
    assigned[match[1]] = _tail(word, len(match[1]) + 1)
    return True


def unwrapped(part: list[Word], env: dict[str, str], assigned: dict[str, Word]) -> list[Word]:
    """The words without assignments and programs that only run another one."""
    rest = list(part)
    for _ in range(12):
        while rest and _assign(rest[0], env, assigned):
            rest.pop(0)
        if not rest:
            return rest
        program = posixpath.basename(rest[0].value)
        if program not in RUNNERS:
            return rest
        if (
            program in ("pm2", "pm2-runtime", "forever")
            and len(rest) > 1
            and rest[1].value not in ("start", "run")
            and rest[1].value.startswith("-")
        ):
            return rest
        rest = _skipped(rest[1:], RUNNERS[program])
    return rest


def _skipped(rest: list[Word], takes_value: frozenset[str]) -> list[Word]:
    while rest and (rest[0].value.startswith("-") or rest[0].value in RUN_WORDS):
        option = rest.pop(0).value
        if option == "--":
            break
        if option in takes_value and rest:
            rest.pop(0)
    return rest
