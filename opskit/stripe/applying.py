"""A plan carried out, in an order that can be cut short at any instant and taken up again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from opskit.core.errors import LiveError
from opskit.core.secret import Secret
from opskit.stripe.calling import Refused
from opskit.stripe.pending import Store
from opskit.stripe.planning.endpoints import digest
from opskit.stripe.planning.steps import Fingerprint, Made, Planned, Write
from opskit.stripe.remote import Held, fingerprint
from opskit.stripe.writer import Answer, idempotency_key, is_there, write_account

if TYPE_CHECKING:
    from stripe import StripeClient

REFUSALS = (400, 401, 402, 403, 404)
MOST_REPLAYS = 20
Save = Callable[[Mapping[str, str], Mapping[str, Secret]], None]


@dataclass
class Applier:
    """`save(prices, secrets)` puts ids (by price key) and secrets (by endpoint key) where stripe.yaml says; it is called once, after
    everything is made and before anything is taken away. `done` are the writes that were answered."""

    client: "StripeClient"
    held: Held
    project: str
    store: Store
    save: Save
    tell: Callable[[str], None] = lambda text: None
    made: dict[tuple[str, str], str] = field(default_factory=dict)
    done: list[Write] = field(default_factory=list)

    def carry_out(self, planned: Planned) -> None:
        """Raises LiveError at the first refusal; what was done stays done, and the next run goes on from there."""
        for write in planned.writes:
            if not write.last:
                self._write(write)
        self.save({key: self.id_of(id) for key, id in planned.prices.items()}, self.store.secrets)
        for write in planned.writes:
            if write.last:
                self._write(write)
        for key in [key for key in self.store.open if key not in planned.left]:
            self.store.close(key)

    def _write(self, write: Write) -> None:
        self.tell(f"{write.action} {write.kind} {write.key} ...")
        params = {name: self._value(value) for name, value in write.params.items()}
        if write.action == "create":
            answer = self._created(write, params)
            for _ in range(MOST_REPLAYS):
                if not answer.replayed or is_there(self.client, write, answer.id):
                    break
                write = self._anew(write)
                answer = self._created(write, params)
            self.made[write.kind, write.key] = answer.id
        else:
            write_account(self.client, write, self.id_of(write.id), params, "")
        self.done.append(write)

    def _created(self, write: Write, params: dict[str, Any]) -> Answer:
        key = idempotency_key(self.held.account, self.held.mode, self.project, write, params)
        if write.kind == "endpoint":
            self.store.begin(write.key, write.generation, digest(params))
        try:
            answer = write_account(self.client, write, "", params, key)
        except Refused as error:
            if error.status >= 500 or error.reason == "idempotency_error":
                self.store.bump(write.kind, write.key)
            elif error.status in REFUSALS and write.kind == "endpoint":
                self.store.close(write.key)
            raise
        if write.kind == "endpoint":
            if answer.secret is None:
                self.store.bump(write.kind, write.key)
                raise LiveError(f"Stripe answered with {answer.id} and told no secret", code="OPS-S008",
                                help="run this again: it makes another endpoint and removes this one")
            self.store.answered(write.key, answer.id, answer.secret)
        return answer

    def _anew(self, write: Write) -> Write:
        """Stripe remembered an object that somebody has taken away since: the same creation under another key."""
        if write.kind == "endpoint":
            self.store.close(write.key)
        self.store.bump(write.kind, write.key)
        return replace(write, generation=f"{write.generation}~{self.store.bumps[f'{write.kind}:{write.key}']}")

    def id_of(self, id: str | Made) -> str:
        """The id, made or known before."""
        return id if isinstance(id, str) else self.made[id.kind, id.key]

    def _value(self, value: Any) -> Any:
        if isinstance(value, Made):
            return self.id_of(value)
        if isinstance(value, Fingerprint):
            return fingerprint(self.store.secrets[value.key].reveal())
        if isinstance(value, dict):
            return {name: self._value(each) for name, each in value.items()}
        return value
