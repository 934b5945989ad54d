"""Ports as command-line options: argparse, optparse, click and typer, by their defaults."""

import ast
from dataclasses import replace

from opskit.survey.python.known import Evaluates, Known
from opskit.survey.python.module import Function, argument, default_of
from opskit.survey.python.names import name_of


def option(evaluate: Evaluates, function: Function, name: str) -> Known | None:
    """A click option or argument that fills the parameter, or typer's default in its place."""
    for decorator in function.decorator_list:
        if not isinstance(decorator, ast.Call) or name not in [_flag(a) for a in decorator.args]:
            continue
        if name_of(evaluate.index, evaluate.module, decorator.func) in ("click.option", "click.argument"):
            return command_option(evaluate, decorator, -1, name)
    default = default_of(function, name)
    if isinstance(default, ast.Call) and name_of(evaluate.index, evaluate.module, default.func) in ("typer.Option", "typer.Argument"):
        return command_option(evaluate, default, 0, name)
    return None


def parsed_argument(evaluate: Evaluates, name: str) -> Known | None:
    """`args.port`: the default of `add_argument("--port", default=8000)` in this file."""
    for call in evaluate.module.all(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("add_argument", "add_option"):
            dest = evaluate(argument(call, -1, "dest"))
            if name in ([dest.text] if dest else [_flag(a) for a in call.args]):
                known = evaluate(argument(call, -1, "default")) or Known()
                flags = tuple(f for f in map(_spelled, call.args) if f.startswith("-"))
                return replace(known, via=(*known.via, f"the default of --{name.replace('_', '-')}"), flags=flags)
    return None


def command_option(evaluate: Evaluates, call: ast.Call, position: int, name: str) -> Known | None:
    """click and typer make `--like-this` of a parameter `like_this` whose option spells no flag."""
    known = evaluate(argument(call, position, "default")) or Known()
    variable = evaluate(argument(call, -1, "envvar"))
    flags = tuple(f for f in map(_spelled, call.args) if f.startswith("-")) or (f"--{name.replace('_', '-')}",)
    return replace(known, variable=variable.text if variable else known.variable, via=(*known.via, "a command-line option's default"),
                   flags=flags)


def _spelled(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _flag(node: ast.AST) -> str:
    """`"--listen-port"` -> "listen_port", as argparse and click name it."""
    text = _spelled(node)
    return text.lstrip("-").replace("-", "_") if not text.startswith("-") or text.startswith("--") else ""
