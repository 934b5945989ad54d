"""What somebody else sends: each must be refused with 4xx, and nothing may fall over or be told."""

import re
from collections.abc import Iterator

from opskit.core.secret import Secret
from opskit.stripe.webhooks.probe.bench import Bench, Exchange, Result, fault, refused
from opskit.stripe.webhooks.probe.faults import FAULTS
from opskit.stripe.webhooks.probe.genuine import GRANT, STRANGER
from opskit.stripe.webhooks.signature import header, signature

OLD = 600
TRACE = re.compile(rb'Traceback \(most recent call last\)|File "[^"]+", line \d+|(\n\s+|&nbsp;)at .{1,200}:\d+:\d+|'
                   rb"Werkzeug Debugger|<title>\w+(Error|Exception)\b")


def forgeries(bench: Bench) -> Iterator[Result]:
    """Events that grant something, each with another hole to come in by. Where no signature counts at all, that is the one fault."""
    body, now = bench.write(bench.event(GRANT, "forged")), bench.time
    old = header(body, [bench.secret], now - OLD)
    sent = {
        "no signature": None,
        "an empty signature": "",
        "a signature of another secret": header(body, [STRANGER], now),
        "a signature of the empty secret": header(body, [Secret("")], now),
        "a signature of another body": header(body.replace(b"9900", b"1"), [bench.secret], now),
        "an old signature with a new time": old.replace(f"t={now - OLD}", f"t={now}"),
        "a signature of the body alone": f"t={now},v1={_untimed(bench, body)}",
    }
    results = [refused(case, bench.raw(case, body, given), "OPS-H032") for case, given in sent.items()]
    yield from results
    unchecked = all(result.code == "OPS-H032" for result in results[2:])
    case = "only a v0 signature"
    answer = bench.raw(case, body, header(body, [bench.secret], now, "v0"))
    yield refused(case, answer, "OPS-H032" if unchecked else "OPS-H036")
    case = "signed ten minutes ago"
    yield refused(case, bench.raw(case, body, old), "OPS-H032" if unchecked else "OPS-H033")


def _untimed(bench: Bench, body: bytes) -> str:
    import hashlib
    import hmac

    return hmac.new(bench.secret.reveal().encode(), body, hashlib.sha256).hexdigest()


def garbage(bench: Bench) -> Iterator[Result]:
    """Scanners and broken proxies: a receiver that answers 5xx has fallen over."""
    body, now = bench.write(bench.event(GRANT, "garbage")), bench.time
    sent = {
        "an empty body": (b"", None),
        "an empty body, rightly signed": (b"", header(b"", [bench.secret], now)),
        "a body that is no JSON, rightly signed": (b"not json", header(b"not json", [bench.secret], now)),
        "a header that is none": (body, "nonsense"),
        "a time that is no number": (body, f"t=now,v1={signature(body, bench.secret, now)}"),
        "a signature of three letters": (body, f"t={now},v1=abc"),
    }
    for case, (content, given) in sent.items():
        answer = bench.raw(case, content, given)
        if answer.good and case.endswith("rightly signed"):
            yield Result(case, "4xx", answer.told, "note", "taken without a look at the event")
            continue
        yield refused(case, answer, "OPS-H032", "OPS-H046")


def leaks(bench: Bench) -> Iterator[Result]:
    """Answers that hand out what a stranger must not see."""
    for exchange in bench.exchanges:
        if told := _leaked(bench, exchange):
            told = f"{FAULTS['OPS-H047']}: {told}, in the answer to `{exchange.case}`"
            yield fault("what the answers tell", "nothing", "too much", "OPS-H047", told)
            return
    yield Result("what the answers tell", "nothing", "nothing", "ok")


def _leaked(bench: Bench, exchange: Exchange) -> str:
    body = exchange.answer.body
    if bench.secret.reveal().encode() in body:
        return "the secret"
    if signature(exchange.body, bench.secret, bench.time).encode() in body or (not exchange.genuine and _expected(bench, exchange)):
        return "the signature that would have been right"
    return "a stack trace" if TRACE.search(body) else ""


def _expected(bench: Bench, exchange: Exchange) -> bool:
    """A right signature of a body that came with a wrong one."""
    near = range(bench.time - 120, bench.time + 1)
    found = re.findall(rb"\b[0-9a-f]{64}\b", exchange.answer.body)
    return bool(found) and any(signature(exchange.body, bench.secret, t).encode() in found for t in near)
