"""`opskit stripe sandbox`: a Stripe API of one's own on loopback, until it is stopped."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from opskit.cli.options import Json
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked
from opskit.core.state import state_folder
from opskit.report.model import Report

EXAMPLES = "Examples: opskit stripe sandbox; opskit stripe sandbox --port 0 --fresh; opskit stripe sandbox --forward-to http://127.0.0.1:8888"
PORT, WAIT = 12111, 1.0
POINTERS = """
Point a program at it (any other sk_test_ key does as well):
  Python      stripe.api_base = "{url}"
              stripe.StripeClient(key, base_addresses={{"api": "{url}"}})
  Node        new Stripe(key, {{host: "127.0.0.1", port: {port}, protocol: "http"}})
  Stripe CLI  stripe trigger product.created --api-base {url} --api-key KEY
  opskit      opskit stripe plan --stripe-base {url}
Stop it with Ctrl-C; its state stays."""


def sandbox(
    ctx: typer.Context,
    port: Annotated[int, typer.Option("--port", envvar="OPSKIT_PORT", help="Where to listen on 127.0.0.1; 0 for any free port.")] = PORT,
    data: Annotated[
        Path | None, typer.Option("--data", envvar="OPSKIT_DATA", help="The state's file [default: .opskit/stripe/sandbox.sqlite].")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", envvar="OPSKIT_FRESH", help="Begin with an empty state.")] = False,
    forward: Annotated[
        str, typer.Option("--forward-to", envvar="OPSKIT_FORWARD_TO", metavar="URL",
                          help="Where events for webhooks that are not on this machine go; without it they are held.")
    ] = "",
    json: Json = False,
) -> int:
    """Serve a local Stripe API with products, prices, plans, customers, webhooks and events. Runs until stopped."""
    session = Session(ctx, "stripe sandbox", as_json=json)
    file = data or state_folder(session.root, "stripe") / "sandbox.sqlite"
    server = _server(file, fresh, forward, port)
    facts = {"url": server.url, "key": server.key, "account": server.engine.store.setting("account"), "data": str(file),
             "api_version": server.engine.library.api_version}
    print(_told(facts, server.port) if not json else _json(facts, session), flush=True)
    server.serve()
    return 0


def sandbox_base(stripe: Mapping[str, object]) -> str:
    """The sandbox's address by the [stripe] table of opskit.toml; "" where the table asks for none."""
    if stripe.get("sandbox") is not True:
        return ""
    return str(stripe.get("base") or f"http://127.0.0.1:{PORT}")


def _server(file: Path, fresh: bool, forward: str, port: int) -> Any:
    try:
        from opskit.sandbox.stripe.server import Server
        from opskit.sandbox.stripe.settings import Settings
    except ImportError as error:
        wanted = f"the sandbox wants the package {error.name}"
        raise OpskitError(wanted, help="pip install 'opskit-cli[sandbox]'", code="OPS-X006") from error
    from opskit.services.ports_taken import refusal

    if port and (why := refusal(port)):
        raise OpskitError(why, code="OPS-V001", help=_another(port))
    return Server(Settings(data=file, fresh=fresh, forward=forward), port)


def _another(port: int) -> str:
    """What to do about a port that is taken: a sandbox of before may be it."""
    url = f"http://127.0.0.1:{port}"
    if answers(url):
        return f"it is a Stripe sandbox that is up already: use it (--stripe-base {url}), or stop it, or give --port 0"
    return "stop it, or give another --port (0 for any free one)"


def answers(base: str) -> bool:
    """Whether a Stripe sandbox is up at the address."""
    import httpx

    try:
        return "sdk" in httpx.get(f"{base}/_sandbox", timeout=WAIT, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return False


def _told(facts: dict[str, str], port: int) -> str:
    rows = (("Stripe sandbox", facts["url"]), ("test key", facts["key"]), ("account", facts["account"]),
            ("API version", facts["api_version"]), ("state", facts["data"]))
    return "\n".join(f"{name:<15} {value}" for name, value in rows) + "\n" + POINTERS.format(url=facts["url"], port=port)


def _json(facts: dict[str, str], session: Session) -> str:
    """The test key is the sandbox's own and opens nothing but it, so it stands here in the clear."""
    from opskit.report.json import render

    return render(Report("stripe sandbox", Checked(facts={"sandbox": [facts]}), seconds=session.seconds), str)
