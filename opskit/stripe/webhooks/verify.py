"""Which of the checks on a delivery fails. The verdict is the official library's; the cause is found here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from opskit.stripe.webhooks.bodies import cut, variants
from opskit.stripe.webhooks.delivery import Delivery
from opskit.stripe.webhooks.keyring import Known
from opskit.stripe.webhooks.signature import HEX, TOLERANCE, Header, matches, read_header

Cause = Literal["verifies", "no-header", "malformed-header", "no-v1", "no-secret", "other-secret", "body-changed", "body-cut", "unknown",
                "stale", "future"]
State = Literal["ok", "fails", "not asked"]
MILLISECONDS = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: State
    told: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`accepted` is what stripe-python says with the expected secret; `cause` the first check that fails, `told` it in words."""

    accepted: bool
    cause: Cause
    told: str
    mend: str
    checks: tuple[Check, ...]
    matched: Known | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What verify is asked: one delivery, received at `now` (Unix seconds), `expected` the secret that should fit, `known` all
    that are known, `modes` the mode of the API key beside each secret."""

    delivery: Delivery
    expected: Known | None
    known: tuple[Known, ...]
    now: float
    modes: Mapping[str, str]
    tolerance: int = TOLERANCE


def verify(trial: Trial) -> Verdict:
    """Never raises; no secret in what it tells."""
    checks: list[Check] = []
    for step in (_header, _secret, _body, _time):
        check, found = step(trial)
        checks.append(check)
        if found is not None:
            rest = [Check(name, "not asked", "") for name in ("header", "secret", "body", "time")[len(checks):]]
            return Verdict(found.accepted or _accepted(trial), found.cause, found.told, found.mend, (*checks, *rest), found.matched)
    return Verdict(_accepted(trial), "verifies", "the signature fits the body and the secret, in time", "", tuple(checks), trial.expected)


def _failed(cause: Cause, told: str, mend: str, matched: Known | None = None) -> Verdict:
    return Verdict(False, cause, told, mend, (), matched)


def _fails(name: str, verdict: Verdict) -> tuple[Check, Verdict]:
    return Check(name, "fails", verdict.told), verdict


def _accepted(trial: Trial) -> bool:
    """What the library that receivers use says, with the clock set to the moment of receipt."""
    import stripe

    if trial.expected is None or trial.delivery.header is None:
        return False
    late = trial.now - (read_header(trial.delivery.header).timestamp or 0) > trial.tolerance
    try:
        stripe.WebhookSignature.verify_header(trial.delivery.body, trial.delivery.header, trial.expected.secret.reveal(), None)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
    return not late


def _header(trial: Trial) -> tuple[Check, Verdict | None]:
    text = trial.delivery.header
    if text is None or not text.strip():
        return _fails("header", _failed("no-header", "there is no Stripe-Signature header", "give it with --header, or the whole request"))
    given = read_header(text)
    if given.timestamp is None:
        return _fails("header", _failed("malformed-header", "the header has no readable `t=`", "copy it whole: t=...,v1=..."))
    if not given.v1:
        schemes = sorted({scheme for scheme, _ in given.signatures})
        told = f"the header carries only {', '.join(schemes)}" if schemes else "the header has no `v1=`"
        return _fails("header", _failed("no-v1", told, "only v1 counts (docs.stripe.com/webhooks/signature); copy the header whole"))
    if bad := [v for v in given.v1 if not HEX.fullmatch(v)]:
        told = f"a v1 signature is {len(bad[0])} characters, and 64 hex digits are due"
        return _fails("header", _failed("malformed-header", told, "copy the header whole"))
    if given.timestamp > MILLISECONDS:
        return _fails("header", _failed("malformed-header", "`t=` counts milliseconds; Stripe sends seconds", "mend the sender that signs"))
    return Check("header", "ok", f"t={given.timestamp}, {len(given.v1)} v1 signature{'s' * (len(given.v1) > 1)}"), None


def _secret(trial: Trial) -> tuple[Check, Verdict | None]:
    """Fits as it is, or another secret of the platform fits."""
    given, body = read_header(trial.delivery.header or ""), trial.delivery.body
    if trial.expected is None and not trial.known:
        return _fails("secret", _failed("no-secret", "no webhook secret is known here", "put it into .env (opskit webhooks register)"))
    if trial.expected and matches(body, trial.expected.secret, given):
        return Check("secret", "ok", f"{trial.expected.name} of {trial.expected.source}"), None
    if other := _other(body, trial, given):
        told = f"the secret that fits is {other.name} of {other.source}{_mode(trial, other)}" + (
            f", not {trial.expected.name} of {trial.expected.source}{_mode(trial, trial.expected)}" if trial.expected else "")
        mend = "each endpoint, each mode and `stripe listen` has its own secret: set the one of the endpoint that sent this"
        return _fails("secret", _failed("other-secret", told, mend, other))
    return Check("secret", "not asked", f"none of {len(_all(trial))} known secrets fits the body as it is"), None


def _body(trial: Trial) -> tuple[Check, Verdict | None]:
    """The body that was signed, found by undoing what programs do to bodies."""
    given, delivery = read_header(trial.delivery.header or ""), trial.delivery
    if trial.expected and matches(delivery.body, trial.expected.secret, given):
        return Check("body", "ok", f"{len(delivery.body)} bytes as they were signed"), None
    if missing := cut(delivery.body, delivery.length):
        return _fails("body", _failed("body-cut", missing, "raise the limit of what cuts it (proxy, body parser, log), and take it whole"))
    for variant in variants(delivery.body):
        for known in _all(trial):
            if matches(variant.body, known.secret, given):
                mend = "verify the bytes as they came: request.get_data(), express.raw(), await request.body(), event.body"
                told = f"the body was {variant.told} after it was signed (it fits {known.name} of {known.source} when that is undone)"
                return _fails("body", _failed("body-changed", told, mend, known))
    tried = sum(1 for _ in variants(delivery.body))
    told = _other_mode(trial) or f"no known secret fits, and none of {tried} usual changes of the body explains it"
    mend = "the secret of another endpoint (or of `stripe listen`), or a body that was changed; see the endpoint's page for its secret"
    return _fails("body", _failed("unknown", told, mend))


def _other_mode(trial: Trial) -> str:
    """An event says its own mode; a secret's mode is that of the key beside it."""
    try:
        event = json.loads(trial.delivery.body)
    except (ValueError, RecursionError):
        return ""
    live = event.get("livemode") if isinstance(event, dict) else None
    mine = trial.modes.get(trial.expected.source, "") if trial.expected else ""
    if not isinstance(live, bool) or not mine or live == (mine == "live"):
        return ""
    return f"the event is of {'live' if live else 'test'} mode, and {trial.expected.source} holds {mine} keys" if trial.expected else ""


def _time(trial: Trial) -> tuple[Check, Verdict | None]:
    age = trial.now - (read_header(trial.delivery.header or "").timestamp or 0)
    if age > trial.tolerance:
        told = f"signed {_span(age)} before it was received, over the tolerance of {trial.tolerance} s"
        return _fails("time", _failed("stale", told, "a kept delivery: give --at with when it came; else set the receiver's clock (NTP)"))
    if age < -trial.tolerance:
        told = f"signed {_span(-age)} after it was received; Stripe's libraries let that pass, a strict receiver does not"
        return _fails("time", _failed("future", told, "set the receiver's clock (NTP)"))
    return Check("time", "ok", f"signed {_span(abs(age))} {'before' if age >= 0 else 'after'} it was received"), None


def _all(trial: Trial) -> tuple[Known, ...]:
    return tuple(dict.fromkeys((*([trial.expected] if trial.expected else []), *trial.known)))


def _other(body: bytes, trial: Trial, given: Header) -> Known | None:
    return next((k for k in _all(trial) if k is not trial.expected and matches(body, k.secret, given)), None)


def _mode(trial: Trial, known: Known) -> str:
    mode = trial.modes.get(known.source, "")
    return f" ({mode} mode by the key beside it)" if mode else ""


def _span(seconds: float) -> str:
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} s"
