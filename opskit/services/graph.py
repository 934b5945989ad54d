"""Who waits for whom: the order of `depends_on`, and its faults as values."""

from collections.abc import Iterable, Mapping

from opskit.core.errors import OpskitError

Edges = Mapping[str, Iterable[str]]


def order(edges: Edges) -> tuple[str, ...]:
    """Names so that each stands after all it depends on; ties keep the order given. A cycle is an OpskitError that shows it."""
    if cycle := find_cycle(edges):
        raise OpskitError(f"these services wait for each other: {' -> '.join(cycle)}", code="OPS-V002",
                          help=f"take one of them out of the other's depends_on in opskit.toml, e.g. of [services.{cycle[0]}]")
    placed: dict[str, None] = {}
    for name in edges:
        _place(name, edges, placed)
    return tuple(placed)


def _place(name: str, edges: Edges, placed: dict[str, None]) -> None:
    if name in placed or name not in edges:
        return
    for other in edges[name]:
        _place(other, edges, placed)
    placed[name] = None


def find_cycle(edges: Edges) -> tuple[str, ...]:
    """The first cycle, its first name again at the end; () where there is none. Iterative: a chain may be long."""
    done: set[str] = set()
    for root in edges:
        trail: list[str] = []
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                done.add(trail.pop())
            elif name in trail:
                return (*trail[trail.index(name):], name)
            elif name not in done and name in edges:
                trail.append(name)
                stack.append((name, True))
                stack += [(other, False) for other in edges[name]]
    return ()


def needed(names: Iterable[str], edges: Edges) -> tuple[str, ...]:
    """`names` with everything they depend on, in the order of `edges`. An unknown name is an OpskitError."""
    wanted, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in edges:
            raise OpskitError(f"there is no service `{name}`", code="OPS-V003", help=f"there are: {', '.join(sorted(edges)) or 'none'}")
        if name not in wanted:
            wanted.add(name)
            waiting += [other for other in edges[name] if other in edges]
    return tuple(name for name in edges if name in wanted)
