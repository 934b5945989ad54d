"""Every variable that the code reads: who reads it, whether it must be there, what stands in when it is not."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from opskit.core.secret import MASK
from opskit.env.names import VALID, is_connection, is_given, is_secret, provider, vendor_key
from opskit.env.values import is_placeholder
from opskit.survey.facts import EnvRead, Service
from opskit.survey.survey import Survey

# fallbacks that differ at each start: a session signed before a restart is refused after it
RANDOM = re.compile(r"secrets\.token_|os\.urandom|token_(?:hex|urlsafe|bytes)\(|uuid\d?\(|\buuid\.uuid|Fernet\.generate_key"
                    r"|get_random_secret_key|get_random_string|randomBytes\(|randomUUID\(|nanoid\(|Math\.random|getRandomValues|random\.(?:choices?|getrandbits|randint|sample)\(")
FALLBACK = re.compile(r"""["'\]]*\s*(?:,\s*(?:default\s*=\s*)?|\)?\s*(?:\bor\b|\|\||\?\?=?)\s*)([^\n]{0,200})""")
# a value that is right on one machine only, or on one port until the ports are put in order
LOCAL = re.compile(r"[A-Za-z]:[\\/]|/(?:home|Users|root|mnt)/|\\\\|.*://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)")


# each service's own, set by `up`: one value for all would be a clash
OWN_TO_EACH = frozenset({"PORT", "HOST"})


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the platform. `services` are those that load a file which reads it, `running` the ones that would run;
    `regenerated` are the reads that fall back to a random value."""

    name: str
    reads: tuple[EnvRead, ...]
    services: tuple[str, ...]
    running: tuple[str, ...]
    regenerated: tuple[EnvRead, ...]
    bound: bool
    provider: str

    @property
    def unguarded(self) -> tuple[EnvRead, ...]:
        """Reads that fail or give nothing when it is not set. `E["X"] if "X" in E else ...` asks first, on the same line."""
        asked = {(r.place.path, r.place.line) for r in self.reads if not r.required and r.default is None}
        return tuple(r for r in self.reads if r.required and r not in self.regenerated and (r.place.path, r.place.line) not in asked)

    @property
    def required(self) -> bool:
        """A random fallback is none: what it signed does not outlive the process."""
        return bool(self.unguarded or self.regenerated)

    @property
    def secret(self) -> bool:
        return is_secret(self.name)

    @property
    def defaults(self) -> tuple[str, ...]:
        return tuple(sorted({r.default for r in self.reads if r.default}))

    @property
    def default(self) -> str | None:
        """The one literal fallback that all reads agree on."""
        return self.defaults[0] if len(self.defaults) == 1 else None

    @property
    def shareable(self) -> str | None:
        """The default, where it holds for every service on every machine."""
        if not self.default or self.bound or self.secret or is_connection(self.name) or vendor_key(self.name):
            return None
        return None if LOCAL.match(self.default) or "\n" in self.default or is_placeholder(self.default) else self.default

    @property
    def type(self) -> str:
        kinds = {read.type for read in self.reads} - {"str"}
        if len(kinds) == 1:
            return kinds.pop()
        return "int" if self.name.endswith("_PORT") or self.name == "PORT" else "url" if self.name.endswith(("_URL", "_URI")) else "str"

    def fact(self) -> dict[str, Any]:
        """JSON-ready; a default of a secret is masked."""
        default = MASK if self.secret and self.default else self.default
        return {"name": self.name, "readers": [str(r.place) for r in self.reads], "services": list(self.services),
                "required": self.required, "type": self.type, "default": default, "provider": self.provider}


def variables(survey: Survey, everything: bool = False) -> tuple[Variable, ...]:
    """Sorted by name. A name that no shell could export is left out."""
    by_name = defaultdict[str, list[EnvRead]](list)
    for read in survey.reads:
        if VALID.fullmatch(read.name):
            by_name[read.name].append(read)
    loaded = defaultdict[str, list[Service]](list)
    for service in survey.services:
        for path in dict.fromkeys((service.path, *service.closure)):
            loaded[path].append(service)
    bound = OWN_TO_EACH | {b.variable for s in survey.services for b in s.binds if b.variable}
    return tuple(_variable(survey, name, reads, loaded, bound, everything) for name, reads in sorted(by_name.items()))


def _variable(survey: Survey, name: str, reads: list[EnvRead], loaded: dict[str, list[Service]], bound: frozenset[str],
              everything: bool) -> Variable:
    services = {s.name: s for read in reads for s in loaded.get(read.place.path, [])}
    running = tuple(sorted(s.name for s in services.values() if s.kind != "script" and (s.enabled or everything)))
    regenerated = tuple(r for r in reads if is_secret(name) and _is_random(survey, r))
    return Variable(name, tuple(reads), tuple(sorted(services)), running, regenerated, name in bound, provider(name, bound))


def _is_random(survey: Survey, read: EnvRead) -> bool:
    """Whether a call that makes random text stands as the fallback of this read; the reader gives literals only."""
    if read.default:
        return False
    data = survey.tree.read(read.place.path) or b""
    text = data[read.place.start : read.place.end + 240].decode("utf-8", "replace")
    _, named, rest = text.partition(read.name)
    found = FALLBACK.match(rest) if named else None
    return bool(found and RANDOM.search(found[1].split(",")[0]))


def wanted(variable: Variable) -> bool:
    """Whether it belongs in a .env at all."""
    return not is_given(variable.name)
