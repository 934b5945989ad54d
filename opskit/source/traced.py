"""Text put together from pieces of one file: every character still knows the byte that it was read from."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

NOWHERE = -1
"""Where a character that stands in no file was read from."""
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Traced:
    """`origins[i]` is the byte offset of `text[i]`, or NOWHERE."""

    text: str
    origins: tuple[int, ...]

    def cut(self, start: int, end: int | None = None) -> "Traced":
        return Traced(self.text[start:end], self.origins[start:end])

    def __add__(self, other: "Traced") -> "Traced":
        return Traced(self.text + other.text, self.origins + other.origins)

    def stripped(self, signs: str | None = None) -> "Traced":
        """Without blanks (or `signs`) at both ends."""
        start = len(self.text) - len(self.text.lstrip(signs))
        return self.cut(start, start + len(self.text.strip(signs)))

    def unquoted(self) -> "Traced":
        """Without blanks and one pair of quotes around it."""
        bare = self.stripped()
        return bare.cut(1, -1) if len(bare.text) > 1 and bare.text[0] == bare.text[-1] and bare.text[0] in "\"'" else bare

    def filled(self, pattern: re.Pattern[str], fill: "Callable[[re.Match[str]], Traced | None]") -> "Traced":
        """With `fill(match)` in the place of each match; None leaves it as it is, and so does text that would grow past all reading
        (a variable that is made of itself doubles every time)."""
        parts, at = list[Traced](), 0
        for match in pattern.finditer(self.text):
            if (told := fill(match)) is not None:
                parts += [self.cut(at, match.start()), told]
                at = match.end()
        parts = [*parts, self.cut(at)] if parts else []
        return joined(parts) if parts and sum(len(part.text) for part in parts) < max(LONGEST, 2 * len(self.text)) else self

    def parted(self, pattern: re.Pattern[str]) -> "list[Traced]":
        """The pieces between the matches."""
        ends = list(chain((0,), *(m.span() for m in pattern.finditer(self.text)), (len(self.text),)))
        return [self.cut(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True)]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The bytes that a part of the text was read from, None where they do not stand together in the file."""
        origins = self.origins[start:end]
        together = origins and origins[0] >= 0 and all(b - a == 1 for a, b in pairwise(origins))
        return (origins[0], origins[-1] + 1) if together else None

    @property
    def first(self) -> int:
        """The first byte that any of it was read from, 0 where none was."""
        return next((origin for origin in self.origins if origin >= 0), 0)


def joined(parts: Iterable[Traced]) -> Traced:
    listed = tuple(parts)
    return Traced("".join(p.text for p in listed), tuple(chain.from_iterable(p.origins for p in listed)))


def made(text: str) -> Traced:
    """Text that stands in no file."""
    return Traced(text, (NOWHERE,) * len(text))


def read_traced(data: bytes, start: int = 0, end: int | None = None) -> Traced:
    """Bytes as text; what is no UTF-8 becomes one sign a byte."""
    raw = data[start:end]
    if raw.isascii():
        return Traced(raw.decode("ascii"), tuple(range(start, start + len(raw))))
    escaped = raw.decode("utf-8", "surrogateescape")
    sizes = (1 if "\udc80" <= sign <= "\udcff" else len(sign.encode()) for sign in escaped)
    origins = tuple(accumulate(sizes, initial=start))[:-1]
    return Traced(re.sub("[\udc80-\udcff]", "\ufffd", escaped), origins)
