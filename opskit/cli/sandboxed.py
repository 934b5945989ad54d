"""The Stripe sandbox as one of the services that `up` runs, where opskit.toml says `[stripe] sandbox = true`."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import opskit
from opskit.cli.sandbox import PORT, answers, sandbox_base
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.services import recipe
from opskit.services.environment import STRIPE_BASE
from opskit.services.spec import ServiceSpec
from opskit.survey.manifest import MANIFEST

NAME = "stripe-sandbox"
ENTRY = "import sys; sys.path.insert(0, sys.argv.pop(1)); from opskit.__main__ import main; sys.exit(main())"
# what a program of ours needs of the environment; the platform's own variables are none of it
KEPT = ("PATH", "HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME", "SYSTEMROOT", "LANG", "TMPDIR", "TEMP", "TMP")


def with_sandbox(session: Session, specs: tuple[ServiceSpec, ...]) -> tuple[ServiceSpec, ...]:
    """Every service is told the sandbox's address, and its calls of Stripe go there; those that read a STRIPE_ variable wait for it,
    and get a key that opens it where nothing gives them one."""
    base = sandbox_base(session.manifest.stripe)
    if not base:
        return specs
    from opskit.stripe.guard import MADE_UP, NAMES

    parts = urlsplit(base)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost") or not parts.port:
        raise OpskitError(f"{MANIFEST}: [stripe] sandbox = true runs one on this machine, and base = {base!r} is elsewhere",
                          code="OPS-X002", place=Place(MANIFEST), help=f'write base = "http://127.0.0.1:{PORT}", or leave it out')
    names = {read.name for read in session.survey.reads if read.name.startswith("STRIPE_")}
    told = tuple(replace(spec, own={**spec.own, STRIPE_BASE: base}) for spec in specs)
    given = dict.fromkeys(sorted(names.intersection(NAMES) - _given(session, specs)), MADE_UP)
    if given:
        session.say(f"{', '.join(given)} not set: services get a made-up test key, which the sandbox takes")
    return recipe.after(told, _service(session, base, parts.port), recipe.readers_of(session.survey, names), given)


def _given(session: Session, specs: tuple[ServiceSpec, ...]) -> set[str]:
    """What has a value already, in whatever form: that is the operator's."""
    from opskit.source.dotenv import files_of
    from opskit.stripe.values import read_sources

    sources = read_sources(session.tree, os.environ, files_of(session.environment))
    return {name for values in (*sources.values(), *(spec.env for spec in specs)) for name, value in values.items() if value.strip()}


def _service(session: Session, base: str, port: int) -> tuple[ServiceSpec, ...]:
    """() where one is up at the address already."""
    if answers(base):
        session.say(f"a Stripe sandbox is up already at {base}")
        return ()
    forward = str(session.manifest.stripe.get("forward_to") or "")
    words = ["stripe", "sandbox", "--port", str(port), *(["--forward-to", forward] if forward else [])]
    command = (sys.executable, "-P", "-c", ENTRY, str(Path(opskit.__file__).parents[1]), "--root", str(session.root), *words)
    environ = {name: os.environ[name] for name in KEPT if name in os.environ}
    return (ServiceSpec(NAME, command, str(session.root), text=f"opskit {' '.join(words)}", port=port, ready="/_sandbox", http=True,
                        env=environ, bare=True),)
