"""Python files that run on without a port: an endless loop, a bot, a scheduler or a consumer that starting them reaches."""

import ast
from collections.abc import Iterable

from opskit.source.python import within
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module
from opskit.survey.python.names import name_of
from opskit.survey.python.reach import reached, spot_of

WAITS = frozenset({"sleep", "wait", "run_pending", "recv", "receive", "get_message", "brpop", "blpop", "poll", "pause", "accept",
                   "select", "consume"})
FOREVER = frozenset({"run_forever", "run_polling", "infinity_polling", "start_polling", "start_consuming", "run_until_disconnected",
                     "run_webhook"})
BLOCKING = frozenset({"apscheduler.schedulers.blocking.BlockingScheduler().start", "signal.pause", "discord.Client().run",
                      "discord.Bot().run",
                      "discord.ext.commands.Bot().run", "telebot.TeleBot().polling",
                      "slack_bolt.adapter.socket_mode.SocketModeHandler().start"})
CLUES = (b"while True", b"while 1", *(name.encode() for name in FOREVER), b"BlockingScheduler", b"signal.pause", b"discord", b"telebot",
         b"SocketMode")


def workers(index: Index, leave_out: Iterable[str] = ()) -> tuple[str, ...]:
    """Paths, sorted. Only files that start something themselves: with a `__main__` block, or a loop at module level."""
    known = set(leave_out)
    return tuple(module.path for module in index.modules(*CLUES) if module.path not in known and _endless(index, module))


def _endless(index: Index, module: Module) -> bool:
    spots: list[ast.AST] = [loop for loop in module.all(ast.While) if _always(loop.test) and _waits(loop) and not _ends(module, loop)]
    for call in module.all(ast.Call):
        last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if last in FOREVER or (last in ("start", "run", "pause", "polling") and name_of(index, module, call.func) in BLOCKING):
            spots.append(call)
    if not spots:
        return False
    running = reached(index, module).get(module.path, set())
    return any(spot_of(module.function(spot)) in running for spot in spots)


def _always(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _waits(loop: ast.While) -> bool:
    """Pauses between rounds and asks nobody: a menu with `input()` is a script."""
    names = {n.func.attr if isinstance(n.func, ast.Attribute) else n.func.id
             for n in within(loop) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute | ast.Name)}
    return bool(names & WAITS) and "input" not in names


def _ends(module: Module, loop: ast.While) -> bool:
    """Leaves by itself: a `break` or `return` that is not the answer to an exception (Ctrl-C)."""
    for node in within(loop):
        if isinstance(node, ast.Break | ast.Return):
            inside = []
            for above in module.above(node):
                if above is loop:
                    break
                inside.append(above)
            if isinstance(node, ast.Break) and any(isinstance(a, ast.For | ast.AsyncFor | ast.While) for a in inside):
                continue
            if not any(isinstance(a, ast.ExceptHandler | ast.FunctionDef | ast.AsyncFunctionDef) for a in inside):
                return True
    return False
