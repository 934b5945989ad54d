"""Secrets that mask themselves, and the Redactor that stands at every exit."""

import re
from collections.abc import Iterable

from opskit.core.vendors import SHAPES

MASK = "[secret]"
SHORTEST = 8
COMMON = frozenset({"password", "postgres", "localhost", "changeme", "development", "production", "username"})
NAMED = re.compile(
    r"SECRET|TOKEN|PASSW|PASSPHRASE|PRIVATE|CREDENTIAL|SALT|PEPPER|SIGNING|APIKEY|(?:^|_)(?:PASS|PWD|KEY|DSN|PIN)(?:_|\d|$)"
    r"|(?:^|_)AUTH$", re.I)
ADDRESSED = re.compile(r"_(?:UR[LI]S?|ORIGINS?|ENDPOINTS?|ADDRESS)$", re.I)
WORDS = r"(?:[a-z]{1,15}|[A-Z]{1,15}|[A-Z][a-z]{1,14}|\d{1,5})\d{0,3}"
READABLE = re.compile(
    rf"(?:(?:[a-z]{{2,10}}://)(?:[\w-]{{1,20}}\.)*[\w-]{{1,20}}(?::\d{{1,5}})?(?=/|,|$))?/?(?:{WORDS}(?:[-_.:/ ]+{WORDS})*)?/?")
URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@'\"]*):([^\s@'\"]+)(?=@)")


def hides(name: str, value: str) -> bool:
    """Whether a variable's value has to be masked wherever it shows: one whose name says so, and whatever cannot be read as
    words (`frontend`, `us-east-1`) or as addresses without credentials (`http://localhost:5000/api`)."""
    named = NAMED.search(name) is not None and ADDRESSED.search(name) is None
    return bool(value) and (named or not all(READABLE.fullmatch(part.strip()) for part in value.split(",")))


class Secret:
    """A value that shows as a mask in repr, str, format, logs and tracebacks; `reveal()` is the only way out."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not serialised")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))


class Redactor:
    """Masks known values, vendors' token shapes and passwords inside URLs, several to a line.

    Values under 8 characters and common words are not masked: masking them would blank ordinary text.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self.learn(values)

    def learn(self, values: Iterable[str]) -> None:
        self._values.update(v for v in values if len(v) >= SHORTEST and v.lower() not in COMMON)
        longest_first = sorted(self._values, key=lambda value: (-len(value), value))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        if self._known:
            text = self._known.sub(MASK, text)
        if "://" in text:
            text = URL_PASSWORD.sub(rf"\1:{MASK}", text)
        for hint, shape in SHAPES:
            if hint in text:
                text = re.sub(shape, MASK, text)
        return text
