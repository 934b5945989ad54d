"""How a command's help is laid out: plain names, one line of the environment for all options, examples a line each."""

import re
from typing import Any

TWIN = "Every option has a twin in the environment: --dry-run is OPSKIT_DRY_RUN=1."
WORDS = {"path": "FILE", "int": "N", "float": "N", "int range": "N", "float range": "N", "str": "TEXT"}


def lay_out(command: Any) -> None:
    """Typer's own command, put right in place, with its sub-commands."""
    for leaf in (command, *getattr(command, "commands", {}).values()):
        leaf.epilog = _closing(leaf) if leaf.epilog else None
        leaf.short_help = re.split(r"[.:;](?:\s|$)", leaf.help or "", maxsplit=1)[0]
        for param in leaf.params:
            (_option if param.param_type_name == "option" else _argument)(param)


def _closing(leaf: Any) -> str:
    """`Examples: a; b` with a line for each; Click wraps no paragraph that begins with \\b."""
    lines = leaf.epilog.replace("Examples: ", "Examples:\n  ").replace("; ", "\n  ")
    has_options = any(param.param_type_name == "option" for param in leaf.params)
    return f"\b\n{lines}" + f"\n\n{TWIN}" * has_options


def _option(param: Any) -> None:
    """Its OPSKIT_* twin where it names none, told once below instead of at each; one that is called otherwise is told here."""
    long = next((name for name in param.opts if name.startswith("--")), param.opts[0])
    twin = "OPSKIT_" + long.lstrip("-").replace("-", "_").upper()
    param.envvar = param.envvar or twin
    param.show_envvar = param.envvar != twin
    if not param.is_bool_flag:
        param.metavar = param.metavar or WORDS.get(param.type.name)


def _argument(param: Any) -> None:
    """Its name alone: what it takes is told in words; the line of usage tells whether there may be several."""
    param.metavar = param.metavar or param.name.rstrip("s").upper()
    if param.nargs != 1:
        alone = param.make_metavar
        param.make_metavar = lambda ctx, usage=False: alone(ctx, usage=usage) + "..." * usage
