"""Where calls may go and with which key: the mode told by the key, the base that tests use, and what a live account wants said twice.

Modes by the key's prefix: docs.stripe.com/keys.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.stripe.catalogue import Catalogue
from opskit.stripe.remote import Held

OFFICIAL = "https://api.stripe.com"
KEY = re.compile(r"[rs]k_(test|live)_[0-9A-Za-z_]{8,}")
MODED = re.compile(r"(?:sk|pk|rk)_(test|live)_[0-9A-Za-z_]{8,}")
NAMES = ("STRIPE_SECRET_KEY", "STRIPE_API_KEY", "STRIPE_RESTRICTED_KEY", "STRIPE_KEY", "STRIPE_SECRET")
LOOPBACK = re.compile(r"https?://(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])(?::(\d{1,5}))?", re.I)
NEARLY = re.compile(r"(?:https?://)?((?:localhost|127\.0\.0\.1|\[::1\]):\d{1,5})(?:/[\w/.-]*)?", re.I)
MADE_UP = "sk_test_opskitMadeUpForTheSandbox"


@dataclass(frozen=True, slots=True)
class Address:
    """`source` names where the key was found, never the key. `base` is the API's address without a path."""

    key: Secret
    source: str
    base: str
    live: bool

    @property
    def local(self) -> bool:
        return self.base != OFFICIAL

    @property
    def mode(self) -> str:
        return "live" if self.live else "test"


def find_key(sources: Mapping[str, Mapping[str, str]]) -> tuple[str, str, str] | None:
    """(value, variable, source): the first source, in their order of precedence, that gives a secret key which is one."""
    for source, values in sources.items():
        for name in NAMES:
            if KEY.fullmatch(values.get(name, "").strip()):
                return values[name].strip(), name, source
    return None


def stop_mixed(source: str, given: Iterable[tuple[str, str]]) -> None:
    """Raises OpskitError where one source holds keys of both modes, under two names or in two lines of one."""
    modes = {found[1]: name for name, value in given if (found := MODED.fullmatch(value.strip()))}
    if len(modes) == 2:
        twice = modes["live"] == modes["test"]
        told = f"{modes['live']} stands there twice" if twice else f"{modes['live']} is live, {modes['test']} is not"
        raise OpskitError(f"{source} holds keys of both modes: {told}", code="OPS-S006",
                          help="take all of them from one mode; the other mode's belong into a file of their own")


def addressed(sources: Mapping[str, Mapping[str, str]], base: str) -> Address:
    """The key and the address to call. Raises OpskitError where there is no key, where one file holds keys of both modes, or where
    a base that is not Stripe's own is not on this machine or would be sent a live key."""
    for source, values in sources.items():
        stop_mixed(source, values.items())
    found = find_key(sources)
    if found is None and base != OFFICIAL:
        found = MADE_UP, NAMES[0], "opskit: any test key opens the sandbox"
    if found is None and (named := _misnamed(sources)):
        raise OpskitError(f"there is no Stripe key: {named[0]} from {named[1]} holds none", code="OPS-S007",
                          help="a secret key begins with sk_test_, rk_test_, sk_live_ or rk_live_ (https://dashboard.stripe.com/test/apikeys)")
    if found is None:
        raise OpskitError(f"there is no Stripe key: {NAMES[0]} is not set", code="OPS-S007",
                          help="put a secret key into .env (https://dashboard.stripe.com/test/apikeys); it is never given by flag")
    value, name, source = found
    live = KEY.fullmatch(value)[1] == "live"  # type: ignore[index]
    return Address(Secret(value), f"{name} from {source}", _base(base, live), live)


def _misnamed(sources: Mapping[str, Mapping[str, str]]) -> tuple[str, str] | None:
    """The variable and the source that would be a key's place and hold something else."""
    return next(((name, source) for source, values in sources.items() for name in NAMES if values.get(name, "").strip()), None)


def _base(base: str, live: bool) -> str:
    """Matched as a whole: what one reader of URLs takes for a user's name (http://elsewhere\\@127.0.0.1) is another's host."""
    base = base.rstrip("/")
    if base == OFFICIAL:
        return base
    parts = LOOPBACK.fullmatch(base)
    if parts is None and (near := NEARLY.fullmatch(base)):
        raise OpskitError(f"{base[:80]} is not how a sandbox's address is written", code="OPS-S006", help=f"write http://{near[1]}")
    if parts is None or int(parts[1] or 1) not in range(1, 65536):
        raise OpskitError(f"{base[:80]} is neither Stripe nor on this machine", code="OPS-S006",
                          help="a key is sent to api.stripe.com or to a sandbox on loopback, such as http://127.0.0.1:12111")
    if live:
        raise OpskitError("a live key is never sent to a sandbox", code="OPS-S006", help="use a test key, or leave --stripe-base out")
    return base


def agreed(catalogue: Catalogue, held: Held) -> None:
    """The account is the one that stripe.yaml names for this mode, where it names one."""
    pinned = catalogue.accounts.get(held.mode, "")
    if pinned and pinned != held.account:
        raise OpskitError(f"the key opens {held.account}, and stripe.yaml names {pinned} for the {held.mode} mode", code="OPS-S006",
                          help="take the key of that account, or correct `account:`")


def guard_live(held: Held, live: bool, confirm: tuple[str, ...]) -> None:
    """Writes to a live account want --live and its id; --yes does not suffice."""
    if held.live and not (live and held.account in confirm):
        raise OpskitError(f"{held.account} is live: customers see and pay what is changed there", code="OPS-S006",
                          help=f"if you mean it: --live --confirm {held.account}")
