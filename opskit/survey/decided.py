"""What the declaration of a process decides of the ports that its file opens: its options and its environment."""

from dataclasses import replace

from opskit.core.tree import Tree
from opskit.survey.declared import Declared, bind_of
from opskit.survey.facts import Bind, Service
from opskit.survey.runners import port_of


def decided(tree: Tree, service: Service, declaration: Declared) -> tuple[Bind, ...]:
    """The service's binds as they are when it runs as declared. The first declaration that sets a variable has its say."""
    return tuple(_by_option(tree, bind, declaration) or _by_variable(bind, service, declaration) or bind for bind in service.binds)


def _by_option(tree: Tree, bind: Bind, declaration: Declared) -> Bind | None:
    """`--port 8002` for a bind that argparse, click or typer hands its number to."""
    starts = declaration.starts
    word = starts.command.option(*bind.flags) if starts is not None and bind.flags else None
    if starts is None or word is None:
        return None
    port, variable, at = port_of(word)
    said = replace(starts, port=port, variable=variable, said=port is not None, at=at if declaration.offset >= 0 else None)
    place = declaration.place
    told = bind_of(tree, said, place.path, max(declaration.offset, place.start), (f"{word.value} of {declaration.name}", *bind.via))
    return replace(told, framework=bind.framework, host=bind.host, protocol=bind.protocol, debug=bind.debug, flags=bind.flags) \
        if told is not None else None


def _by_variable(bind: Bind, service: Service, declaration: Declared) -> Bind | None:
    """`PORT: 8004` among the environment of a bind that reads PORT."""
    given = declaration.env.get(bind.variable, "") if bind.variable not in service.env else ""
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65536:
        return None
    via = (f"{bind.variable}={given} at {declaration.place.path}:{declaration.place.line}", *bind.via)
    return replace(bind, port=int(given), via=via, confidence="high", editable=False)


def argued(declaration: Declared) -> bool:
    """A Python program of the platform that is given arguments: only its declared command runs it as it is meant."""
    starts = declaration.starts
    if starts is None or starts.framework != "python" or not starts.entry or not declaration.command:
        return False
    words = starts.command.values
    named = words.index("-m") + 1 if "-m" in words else next((i for i, w in enumerate(words) if w.endswith(".py")), len(words))
    return len(words) > named + 1 and declaration.command[:1] != ("npm",)
