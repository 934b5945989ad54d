"""stripe.yaml's endpoints against the code that is to receive their events."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from opskit.core.finding import Finding
from opskit.stripe.catalogue import Catalogue, Endpoint
from opskit.stripe.webhooks.receiver import Receiver
from opskit.survey.survey import Survey


def path_of(url: str) -> str:
    """The path of an endpoint's URL, which may hold `{domain}`."""
    return _split(url)[1].rstrip("/") or "/"


def host_of(url: str) -> str:
    """Its host without the port, "" where it has none."""
    return _split(url)[0]


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url.replace("{", "").replace("}", ""))
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.path


def receiver_of(url: str, receivers: Iterable[Receiver]) -> Receiver | None:
    """The receiver that an endpoint's events reach: by its path, else as the end of it behind a proxy's prefix."""
    path, known = path_of(url), list(receivers)
    routes = [(r, r.route.rstrip("/") or "/") for r in known]
    exact = next((r for r, route in routes if route == path), None)
    return exact or next((r for r, route in routes if route != "/" and path.endswith(route)), None)


def endpoint_findings(survey: Survey, catalogue: Catalogue, receivers: list[Receiver], unplaced: bool = False) -> Iterator[Finding]:
    """`unplaced`: there are receivers whose address is not known, so that none can be said to lack."""
    seen: dict[str, Endpoint] = {}
    for endpoint in catalogue.endpoints:
        url = endpoint.url.rstrip("/")
        if url in seen:
            told = f"webhooks `{seen[url].key}` and `{endpoint.key}` have one URL: each event is worked on twice"
            yield Finding("OPS-H009", "error", told, endpoint.place, help="put all events into one", harm=78, also=(seen[url].place,))
        seen.setdefault(url, endpoint)
        receiver = receiver_of(endpoint.url, receivers)
        if receiver is not None:
            yield from _compared(endpoint, receiver)
        elif not unplaced and not _routed(survey, endpoint):
            told = f"no route answers {path_of(endpoint.url)}, where webhook `{endpoint.key}` sends its events"
            yield Finding("OPS-H013", "warning", told, endpoint.place, help=_near(receivers), harm=64)


def shared_secrets(catalogue: Catalogue, receivers: list[Receiver]) -> Iterator[Finding]:
    """Receivers that read one variable: each endpoint has a secret of its own."""
    by_name: dict[str, list[Receiver]] = {}
    for receiver in receivers:
        if receiver.variable and receiver.check != "none":
            by_name.setdefault(receiver.variable, []).append(receiver)
    for name, group in by_name.items():
        routes = list(dict.fromkeys((r.service, r.route) for r in group))
        asked = [e for e in catalogue.endpoints if receiver_of(e.url, group)]
        if len(routes) > 1:
            told = f"{' and '.join(route for _, route in routes[:3])} check with one secret, {name}; each endpoint at Stripe has its own"
            yield Finding("OPS-H019", "note" if len(asked) == 1 else "warning", told, group[-1].place, harm=15 if len(asked) == 1 else 57,
                          help="give each receiver a variable of its own, or keep one receiver", also=tuple(r.place for r in group[:-1]))


def _compared(endpoint: Endpoint, receiver: Receiver) -> Iterator[Finding]:
    where = f"{receiver.place.path}:{receiver.place.line}"
    for kind in endpoint.events if receiver.events else ():
        if kind != "*" and not receiver.handles(kind):
            yield Finding("OPS-H007", "warning", f"webhook `{endpoint.key}` asks for {kind}, which {where} does not handle", endpoint.place,
                          help="handle it, or leave it out of stripe.yaml", harm=48, also=(receiver.place,), data={"event": kind})
    for handled in receiver.events if "*" not in endpoint.events else ():
        if not any(kind == handled.type or (handled.type.endswith("*") and kind.startswith(handled.type[:-1])) for kind in endpoint.events):
            yield Finding("OPS-H008", "warning", f"webhook `{endpoint.key}` does not ask for {handled.type}, which {where} handles",
                          endpoint.place, help="add it to the webhook's events in stripe.yaml", harm=66, also=(handled.place,),
                          data={"event": handled.type})
    if receiver.variable and receiver.variable != endpoint.env:
        told = f"webhook `{endpoint.key}` puts its secret into {endpoint.env}, and {where} reads {receiver.variable}"
        yield Finding("OPS-H017", "error", told, endpoint.place, help=f"write `env: {receiver.variable}`", harm=76, also=(receiver.place,))


def _routed(survey: Survey, endpoint: Endpoint) -> bool:
    """Whether any route has the path; where no route is known at all nothing can be said."""
    routes = {route.route.rstrip("/") or "/" for service in survey.services for route in service.routes}
    path = path_of(endpoint.url)
    return not routes or any(path == r or (r != "/" and path.endswith(r)) or "*" in r or "<" in r or ":" in r or "[" in r for r in routes)


def _near(receivers: list[Receiver]) -> str:
    routes = sorted({r.route for r in receivers})
    return f"the receivers are: {', '.join(routes[:4])}" if routes else "write the receiver, or correct the URL"
