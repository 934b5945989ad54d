"""What must not be lost between a call and its answer: `.opskit/stripe.json`, mode 0600, written before each creation.

The signing secret of an endpoint is told once. So its creation is written down first; cut short, the same call with the same key
brings the same answer within a day (docs.stripe.com/api/idempotent_requests; that it brings the secret too is not verified against
the real Stripe), and where it does not, the endpoint whose secret nobody knows is replaced.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.core.state import NAME, state_folder, write_private
from opskit.stripe.planning.steps import Pending
from opskit.stripe.remote import fingerprint

FILE, VERSION = "stripe.json", 1


@dataclass(frozen=True, slots=True)
class Open:
    """One creation of an endpoint that is not closed. `secret` is "" until it was answered."""

    generation: str
    params: str
    id: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"Open({self.id or 'unanswered'})"


class Store:
    """Of one project in one mode of one account."""

    def __init__(self, root: Path, account: str, mode: str, project: str) -> None:
        self.root, self.name = root, f"{account}|{mode}|{project}"
        self._whole = _load(root / NAME / FILE)
        mine = self._whole.get("accounts", {}).get(self.name, {})
        self.open = {key: Open(**entry) for key, entry in mine.get("open", {}).items()}
        self.bumps: dict[str, int] = dict(mine.get("bumps", {}))

    @property
    def pending(self) -> dict[str, Pending]:
        return {key: Pending(o.generation, o.params, o.id, fingerprint(o.secret) if o.secret else "") for key, o in self.open.items()}

    @property
    def secrets(self) -> dict[str, Secret]:
        """Secrets at hand, by endpoint key."""
        return {key: Secret(o.secret) for key, o in self.open.items() if o.secret}

    def begin(self, key: str, generation: str, params: str) -> None:
        self.open[key] = Open(generation, params)
        self._save()

    def answered(self, key: str, id: str, secret: Secret) -> None:
        self.open[key] = replace(self.open[key], id=id, secret=secret.reveal())
        self._save()

    def close(self, key: str) -> None:
        if self.open.pop(key, None) is not None:
            self._save()

    def bump(self, kind: str, key: str) -> None:
        """That creation came to nothing (a failure is remembered by its key for a day): the next one is another."""
        name = f"{kind}:{key}"
        self.bumps[name] = self.bumps.get(name, 0) + 1
        if kind == "endpoint" and key in self.open and not self.open[key].id:
            self.open[key] = replace(self.open[key], generation=f"{self.open[key].generation}+")
        self._save()

    def _save(self) -> None:
        accounts = self._whole.setdefault("accounts", {})
        accounts[self.name] = {"open": {key: asdict(o) for key, o in self.open.items()}, "bumps": self.bumps}
        write_private(state_folder(self.root) / FILE, json.dumps({"version": VERSION, "accounts": accounts}, indent=1).encode())


def _load(path: Path) -> dict[str, Any]:
    try:
        whole: dict[str, Any] = json.loads(path.read_bytes())
        if whole["version"] != VERSION:
            raise KeyError("version")
        for mine in whole["accounts"].values():
            _ = [Open(**entry) for entry in mine["open"].values()], {**mine["bumps"]}
        return whole
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OpskitError(f"{path} cannot be read", code="OPS-S009",
                          help="it may hold a webhook's secret: look into it before you move it away") from error
