"""Several specifiers of one package: whether they can hold together, and what to take when they cannot (PEP 440)."""

from collections.abc import Iterable

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version


def together(specifiers: Iterable[str]) -> bool:
    """Whether some version may satisfy all of them. Told from the versions that they name; True where that cannot decide."""
    given = [s for s in dict.fromkeys(specifiers) if s]
    try:
        every = SpecifierSet(",".join(given))
    except InvalidSpecifier:
        return True
    pins = [p for p in map(pinned, given) if p is not None]
    if pins:
        return any(every.contains(pin, prereleases=True) for pin in pins)
    named = {v for spec in every for v in _versions(spec.version)}
    around = {v for version in named for v in (version, _bumped(version, 1), _bumped(version, -1))}
    return not named or any(every.contains(v, prereleases=True) for v in around)


def pinned(specifier: str) -> Version | None:
    """The one version of an `==` pin, None for every other specifier."""
    parts = [p.strip() for p in specifier.split(",")]
    exact = [p[2:].strip(" =") for p in parts if p.startswith("==") and not p.endswith("*")]
    return next(iter(_versions(exact[0])), None) if exact else None


def agreed(specifiers: Iterable[str]) -> str:
    """One specifier for a package that a tree declares in several places: what all say, else the highest pin that the most
    of them allow, else the highest lower bound; "" where none names a version."""
    given = [s for s in dict.fromkeys(specifiers) if s]
    if len(given) < 2:
        return given[0] if given else ""
    pins = sorted({p: s for s, p in zip(given, map(pinned, given), strict=True) if p is not None}.items())
    if pins:
        return max(pins, key=lambda pin: (sum(_allows(s, pin[0]) for s in given), pin[0]))[1]
    return max(given, key=lambda s: (max(_lower(s), default=Version("0")), s))


def loosened(specifier: str) -> str:
    """A pin as a lower bound: copied into another manifest it would hold a package back without the pins of what it needs,
    and an old client beside a new library is what breaks at the first call."""
    pin = pinned(specifier)
    return specifier if pin is None else f">={pin}"


def relaxed(specifiers: Iterable[str]) -> str:
    """What to install when specifiers conflict: the highest version that any of them names, as a pin where it was one."""
    given = list(specifiers)
    pins, lows = [p for p in map(pinned, given) if p is not None], [v for s in given for v in _lower(s)]
    if not lows:
        return ""
    return f"=={max(lows)}" if max(lows) in pins else f">={max(lows)}"


def _allows(specifier: str, version: Version) -> bool:
    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except InvalidSpecifier:
        return True


def _lower(specifier: str) -> list[Version]:
    parts = [p.strip() for p in specifier.split(",")]
    return [v for p in parts if p.startswith((">", "~=", "==")) for v in _versions(p.lstrip("<>=~ ").removesuffix(".*"))]


def _versions(text: str) -> list[Version]:
    try:
        return [Version(text.removesuffix(".*"))]
    except InvalidVersion:
        return []


def _bumped(version: Version, by: int) -> Version:
    """A version just above or below, to look into the gaps between the named ones."""
    if by > 0:
        return Version(f"{version.epoch}!{'.'.join(map(str, version.release))}.0.0.1")
    pieces = list(version.release)
    while len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    pieces[-1] = max(0, pieces[-1] - 1)
    return Version(f"{version.epoch}!{'.'.join(map(str, pieces))}.9999")
