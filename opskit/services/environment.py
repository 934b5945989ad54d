"""A service's environment in layers, read afresh at each start, and what changed since the last one (names, never values)."""

import os
import re
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path

from opskit.core.secret import URL_PASSWORD
from opskit.core.vendors import keys_of
from opskit.services.spec import ServiceSpec
from opskit.source.dotenv import files_of

STRIPE_BASE = "OPSKIT_STRIPE_BASE"
SECRETIVE = re.compile(r"KEY|SECRET|TOKEN|PASS|CREDENTIAL|PRIVATE|SALT|SIGNING|COOKIE|(^|_)(DSN|PWD|AUTH|PAT)(_|$)", re.IGNORECASE)
PROMPTED = ("PS1", "PS2", "OLDPWD", "_")
FOLDERS = ("PWD", "OLDPWD")  # a shell's folder, no password: masked, it would blank the path in every traceback


def files(root: Path) -> dict[str, str]:
    """What `.env` and then `.env.local` at the root say; a name without a value is left out. Bytes that are no UTF-8 reach the
    service as they stand (PEP 383)."""
    from dotenv import dotenv_values

    found: dict[str, str] = {}
    for name in reversed(files_of()):
        if (root / name).is_file():
            text = (root / name).read_bytes().decode("utf-8-sig", "surrogateescape")
            found |= {k: v for k, v in dotenv_values(stream=StringIO(text, newline=None)).items() if v is not None}
    return found


def layered(root: Path, process: Mapping[str, str], manifest: Mapping[str, str], own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Precedence, highest first: what opskit sets itself (its port), process environment, .env.local, .env, the manifest."""
    merged = {**manifest, **files(root), **process, **(own or {})}
    for name in PROMPTED:
        merged.pop(name, None)
    return merged


def assembled(root: Path, process: Mapping[str, str], spec: ServiceSpec) -> dict[str, str]:
    """Everything one service gets, with the start-up hooks that keep it on loopback in front of what was there; an exposed one has
    those that send its calls of Stripe to the sandbox, where one runs."""
    if spec.bare:
        return dict(spec.env)
    merged = layered(root, process, spec.env, spec.own)
    merged |= {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}
    merged = with_venv(root, merged)
    return merged if spec.expose and STRIPE_BASE not in merged else merged | hooked(merged, loopback=not spec.expose)


def with_venv(root: Path, environ: dict[str, str]) -> dict[str, str]:
    """The same with the platform's own virtual environment first on PATH, where there is one."""
    venv = root / ".opskit" / "venv"
    programs = venv / ("Scripts" if os.name == "nt" else "bin")
    if not programs.is_dir():
        return environ
    return environ | {"PATH": os.pathsep.join([str(programs), environ.get("PATH", os.defpath)]), "VIRTUAL_ENV": str(venv)}


def hooked(environ: Mapping[str, str], loopback: bool = True) -> dict[str, str]:
    """The variables that load the hooks into every Python and Node process of a service, whoever starts it."""
    hooks = Path(__file__).parent / "hooks"
    pythonpath = os.pathsep.join(filter(None, [str(hooks / "python"), environ.get("PYTHONPATH", "")]))
    given = environ.get("NODE_OPTIONS", "").split()
    options = " ".join(word for word in given if not (loopback and word.startswith("--inspect")))
    needed = [*(["loopback.cjs"] if loopback else []), *(["stripe.cjs"] if STRIPE_BASE in environ else [])]
    require = " ".join(f'--require "{(hooks / "node" / name).as_posix()}"' for name in needed)
    quiet = {"FLASK_DEBUG": "0", "OPSKIT_LOOPBACK": "1"} if loopback else {}
    return {"PYTHONPATH": pythonpath, "NODE_OPTIONS": f"{require} {options}".strip(), **quiet}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """`+NAME`, `-NAME` and `~NAME`, sorted by name."""
    marks = dict.fromkeys(after.keys() - before.keys(), "+") | dict.fromkeys(before.keys() - after.keys(), "-")
    marks |= {name: "~" for name in before.keys() & after.keys() if before[name] != after[name]}
    return [marks[name] + name for name in sorted(marks)]


def secrets(environ: Mapping[str, str]) -> Iterable[str]:
    """Values that no log may show: of names that sound secret or hold a vendor's key, line by line, and passwords in URLs."""
    for name, value in environ.items():
        if name not in FOLDERS and (SECRETIVE.search(name) or keys_of(name)):
            yield value
            yield from value.splitlines()
        yield from (password for _, password in URL_PASSWORD.findall(value))
