"""Vendors' keys in the values of a dotenv file: the wrong kind in a slot, live keys where tests run, both modes at once."""

import re
from collections.abc import Iterator

from opskit.core.finding import Finding
from opskit.core.vendors import KEYS, Key, keys_of
from opskit.env.files import EnvFile
from opskit.env.names import is_public
from opskit.env.values import is_opaque, is_placeholder
from opskit.source.dotenv import Entry

# how Stripe's other identifiers begin (https://docs.stripe.com/api, the `id` of each object): what people paste into the wrong slot
STRIPE_IDS = {"prod_": "product id", "cus_": "customer id", "sub_": "subscription id", "acct_": "account id", "pi_": "payment intent id",
              "cs_test_": "checkout session id", "cs_live_": "checkout session id", "we_": "webhook endpoint id", "evt_": "event id",
              "plink_": "payment link id", "mk_": "CLI key"}
STRIPE_MODE = re.compile(r"(?:sk|pk|rk)_(live|test)_")


def kind_of(value: str) -> tuple[str, str]:
    """(vendor, kind) that a value's beginning tells, ("", "") when none; beginnings that ordinary words share tell nothing."""
    for prefix, kind in STRIPE_IDS.items():
        if value.startswith(prefix):
            return "Stripe", kind
    for key in KEYS:
        longest = next((p for p in key.prefixes if value.startswith(p) and _telling(p)), "")
        if longest:
            return key.vendor, key.kind
    return "", ""


def _telling(prefix: str) -> bool:
    return len(prefix) > 3 and not prefix.isalpha() and prefix not in ("secret_",)


def key_findings(file: EnvFile) -> Iterator[Finding]:
    """E006, E007 and E008 of one file."""
    modes = dict[str, Entry]()
    for entry in file.source.bindings:
        value = entry.value or ""
        if not value or is_opaque(value) or is_placeholder(value, secret=True):
            continue
        if wrong := _wrong_slot(entry.key, value):
            yield _finding(file, entry, "OPS-E006", "error", f"{entry.key} {wrong[0]}", wrong[1], 72)
        if found := STRIPE_MODE.match(value):
            modes.setdefault(found[1], entry)
        if file.stage in ("dev", "test") and (kind := _live(value)):
            yield _finding(file, entry, "OPS-E007", "warning", f"{entry.key} holds a live {kind} in a file for development",
                           "put the test key here; the live one belongs into the deployment's own settings", 70)
    if len(modes) == 2:
        live, test = modes["live"], modes["test"]
        yield _finding(file, live, "OPS-E008", "error", f"{live.key} is a live key, {test.key} a test key: Stripe takes no mix",
                       "take both from the same mode", 68)


def _wrong_slot(name: str, value: str) -> tuple[str, str] | None:
    """(what is wrong, help) when a variable holds what belongs elsewhere."""
    expected, (vendor, kind) = keys_of(name.upper()), kind_of(value)
    prefixes = tuple(p for key in expected for p in key.prefixes)
    if is_public(name) and _is_secret_kind(value):
        return f"puts a {vendor} {kind} into what browsers load", "rotate it; read it on the server, under a name without the prefix"
    if not prefixes or value.startswith(prefixes):
        return None
    wanted = expected[0]
    if vendor:
        return f"holds a {vendor} {kind} where a {wanted.vendor} {_slot(expected)} belongs", f"get the right one at {wanted.url}"
    if wanted.vendor == "Stripe":
        return f"does not begin as a Stripe {_slot(expected)} does ({' or '.join(prefixes[:2])})", f"get it at {wanted.url}"
    return None


def _slot(expected: tuple[Key, ...]) -> str:
    return expected[0].kind.removeprefix("live ").removeprefix("test ")


def _is_secret_kind(value: str) -> bool:
    return any(key.shape and re.fullmatch(key.shape, value) and key.kind != "API key" for key in KEYS)


def _live(value: str) -> str:
    if value.startswith(("sk_live_", "rk_live_")):
        return "Stripe secret key"
    return "Stripe publishable key" if value.startswith("pk_live_") else next(
        (f"{k.vendor} {k.kind}" for k in KEYS if k.live and k.shape and re.fullmatch(k.shape, value)), "")


def _finding(file: EnvFile, entry: Entry, code: str, severity: str, message: str, help: str, harm: int) -> Finding:
    return Finding(code, severity, message, file.source.place(entry.key_span), help=help, harm=harm,  # type: ignore[arg-type]
                   data={"name": entry.key, "secret": True})
