"""The plan's own words: one Write is one call of the API, no more and no less."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from opskit.core.place import Place

Action = Literal["create", "update", "adopt", "reactivate", "archive", "transfer", "default", "stamp", "disable", "delete"]
Kind = Literal["product", "price", "endpoint"]


@dataclass(frozen=True, slots=True)
class Made:
    """The id of what an earlier Write of the same plan makes, by its kind and key."""

    kind: Kind
    key: str

    def __str__(self) -> str:
        return f"(the new {self.kind} {self.key})"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The fingerprint of an endpoint's signing secret, known once the secret is."""

    key: str

    def __str__(self) -> str:
        return "(of its secret)"


def plain(value: Any) -> Any:
    """A write's parameter as JSON has it; what is not made yet is told in words."""
    if isinstance(value, Made | Fingerprint):
        return str(value)
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True)
class Write:
    """`id` is "" for what is created without an id of ours. `params` may hold Made and Fingerprint values. `generation` tells
    one creation from an earlier one with the same parameters; `resume` marks one that an earlier run began and did not see answered.
    `last` writes come after the values are saved."""

    action: Action
    kind: Kind
    key: str
    id: str | Made
    params: Mapping[str, Any]
    why: str
    generation: str = ""
    resume: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stops the plan: it cannot be told what is meant."""

    code: str
    message: str
    help: str
    place: Place


@dataclass(frozen=True, slots=True)
class Pending:
    """The creation of an endpoint that an earlier run wrote down before its call. `id` and `print` are set once it was answered:
    then its secret is at hand."""

    generation: str
    params: str
    id: str = ""
    print: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What this machine knows: fingerprints of the secrets by variable, creations left open by endpoint key, and which
    generations of a creation came to nothing (by `kind:key`)."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, Pending] = field(default_factory=dict)
    bumps: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the operator said: ids to adopt, twins to create all the same, endpoints to be given a new secret, only `webhooks`."""

    adopt: frozenset[str] = frozenset()
    create: bool = False
    renew: frozenset[str] = frozenset()
    webhooks: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """`writes` in the order in which they are made; `prices` and `endpoints` are the ids that stripe.yaml's keys have after it;
    `left` are the endpoints that cannot be planned yet, by key, and why."""

    writes: tuple[Write, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    prices: Mapping[str, str | Made] = field(default_factory=dict)
    endpoints: Mapping[str, str | Made] = field(default_factory=dict)
    left: Mapping[str, Conflict] = field(default_factory=dict)
