"""`.env.example` as the environment's contract, in varlock's @env-spec (https://varlock.dev/env-spec/reference/).

Every variable that the code reads, under the vendor who sells its key. Each item says `@required` or `@optional`, `@sensitive` or
`@public` itself, so that it means the same under whatever header the file already has.
"""

import re
from collections.abc import Iterable

from opskit.core.change import FileCreate, FileEdit, appended
from opskit.core.tree import Tree
from opskit.core.vendors import keys_of
from opskit.env.files import CONTRACT, contract
from opskit.env.names import is_connection, is_database, is_own, is_public, is_secret, vendor_key
from opskit.env.variables import Variable, wanted
from opskit.source.dotenv import DotenvSource, read_dotenv, spelled

HEADER = """\
# The contract of the environment: every variable that the code reads, and who provides it (https://varlock.dev/env-spec).
# `opskit env example` appends what is new and keeps your lines; `opskit env init` writes .env from it.
# @defaultRequired=false @defaultSensitive=false
# ---
"""
COMMENTED = re.compile(r"^\s*#\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=", re.M)
TYPES = {"int": "number", "float": "number", "bool": "boolean", "url": "url", "port": "port"}


def named_in(source: DotenvSource | None) -> set[str]:
    """Keys that a dotenv file sets or holds ready in a comment."""
    if source is None:
        return set()
    return {e.key for e in source.bindings} | set(COMMENTED.findall(source.data.decode("utf-8", "replace")))


def absent(tree: Tree, known: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Variables that the contract does not name."""
    there = named_in(contract(tree))
    return tuple(v for v in known if wanted(v) and v.name not in there)


def contract_change(tree: Tree, known: tuple[Variable, ...], code: str = "") -> FileCreate | FileEdit | None:
    """What makes the contract whole: lines at the end of an existing one, else the file. None when nothing is missing, or when
    a quote that is never closed would swallow what is appended."""
    new = absent(tree, known)
    if not new:
        return None
    why, source = f"names {len(new)} variable{'s' * (len(new) != 1)} that the code reads", contract(tree)
    if source is None:
        return FileCreate(CONTRACT, (HEADER + contract_text(new)).encode(), why, code=code)
    edit = appended(CONTRACT, source.data, contract_text(new), why, code=code)
    return edit if all(name in named_in(read_dotenv(CONTRACT, source.data + edit.new)) for name in (v.name for v in new)) else None


def contract_text(new: Iterable[Variable]) -> str:
    groups = dict[str, list[Variable]]()
    for variable in new:
        groups.setdefault(variable.provider, []).append(variable)
    order = sorted(groups, key=lambda name: (name != "opskit", name == "operator", name.lower()))
    return "".join(f"\n# --- {_title(name, groups[name])} ---\n" + "".join(map(_item, groups[name])) for name in order)


def _title(provider: str, group: list[Variable]) -> str:
    if provider == "opskit":
        return "opskit makes these"
    if provider == "operator":
        return "the operator provides these"
    key = vendor_key(group[0].name)
    return f"{provider}: {key.url}" if key else provider


def _item(v: Variable) -> str:
    about = [*([f"{key.vendor} {key.kind}"] if (key := vendor_key(v.name)) else []), *_origin(v), _readers(v)]
    value = spelled(v.shareable) if v.shareable else ""
    return f"\n# {'; '.join(about)}\n# {' '.join(_decorators(v))}\n{v.name}={value}\n"


def _origin(v: Variable) -> list[str]:
    if v.bound:
        return ["the port or host of one service, set by `opskit up`"]
    if is_own(v.name):
        return ["any strong random value, made by `opskit env init`"]
    return ["written by `opskit db init`"] if is_database(v.name) else []


def _readers(v: Variable) -> str:
    who = ", ".join(v.running[:2]) + (f" and {len(v.running) - 2} more" if len(v.running) > 2 else "")
    place = v.reads[0].place
    more = f" and {len(v.reads) - 1} more" if len(v.reads) > 1 else ""
    return f"read by {who} ({place.path}:{place.line}{more})" if who else f"read at {place.path}:{place.line}{more}"


def _decorators(v: Variable) -> list[str]:
    found = ["@required" if v.required and v.running and not v.bound else "@optional",
             "@sensitive" if (is_secret(v.name) or is_connection(v.name)) and not is_public(v.name) else "@public"]
    if told := _type(v):
        found.append(f"@type={told}")
    if key := vendor_key(v.name):
        found.append(f'@docs("{key.url}")' if "#" in key.url else f"@docs({key.url})")
    return found


def _type(v: Variable) -> str:
    prefixes = [p for key in keys_of(v.name.upper()) for p in key.prefixes]
    if len(prefixes) == 1 and len(prefixes[0]) > 2:
        return f"string(startsWith={prefixes[0]})"
    if v.name == "PORT" or v.name.endswith("_PORT"):
        return "port"
    if v.secret:
        return ""
    return TYPES.get(v.type, "")
