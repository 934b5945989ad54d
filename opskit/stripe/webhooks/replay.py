"""Events sent again: read from the API or a file, oldest first, each signed anew, each answer written down at once."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.stripe.webhooks.samples import Event, written
from opskit.stripe.webhooks.signature import header
from opskit.stripe.webhooks.transport import Answer, Sender

SPANS = {"m": "minutes", "h": "hours", "d": "days"}
PAGE, MOST = 100, 5000


@dataclass(frozen=True, slots=True)
class Sent:
    event: Event
    answer: Answer


def since(text: str, now: float) -> int:
    """`90m`, `24h`, `7d` before now, a date or a time (ISO 8601, UTC where it says none), or Unix seconds."""
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        if text[-1:] in SPANS and text[:-1].isascii() and text[:-1].isdigit():
            return int(now - timedelta(**{SPANS[text[-1]]: int(text[:-1])}).total_seconds())
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise OpskitError(f"`{text[:40]}` is no time", code="OPS-X003", help="e.g. 24h, 7d, 2026-11-01, 2026-11-01T12:00") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def events_of(data: bytes) -> tuple[Event, ...]:
    """Events of a file: one, a list, a page of the API (`data`), or one a line; oldest first."""
    try:
        whole: Any = json.loads(data)
        page = isinstance(whole, dict) and whole.get("object") == "list"
        parts = whole.get("data") or [] if page else whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError):
        try:
            parts = [json.loads(line) for line in data.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise OpskitError("the file holds no events", code="OPS-H022", help="JSON: an event, a list of them, or one a line") from error
    if not parts or not all(map(_is_event, parts)):
        raise OpskitError("the file holds something else than events", code="OPS-H022", help="each event has an id and a type")
    return ordered(parts)


def _is_event(part: Any) -> bool:
    texts = isinstance(part, dict) and isinstance(part.get("id"), str) and isinstance(part.get("type"), str)
    return texts and isinstance(part.get("created", 0), int)


def ordered(events: Iterable[Event]) -> tuple[Event, ...]:
    """As they happened; of one second as they stood."""
    return tuple(sorted(events, key=lambda event: int(event.get("created") or 0)))


def listed(page: Callable[[dict[str, Any]], Any], kinds: tuple[str, ...], start: int) -> tuple[Event, ...]:
    """Events of the account since `start`; `page` asks the API for one page. Stripe keeps 30 days."""
    found: list[Event] = []
    asking: dict[str, Any] = {"limit": PAGE, **({"created": {"gte": start}} if start else {})}
    asking |= {"types": list(kinds)} if kinds else {}
    while len(found) < MOST:
        got = page(dict(asking))
        found += [event.to_dict() for event in got.data]
        if not got.has_more or not got.data:
            break
        asking["starting_after"] = str(got.data[-1].id)
    return ordered(reversed(found))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was sent where, one line an answer, so that a replay that was cut short can go on."""

    path: Path

    def done(self, url: str) -> frozenset[str]:
        """Ids that `url` took."""
        found = set()
        for line in self.path.read_text("utf-8").splitlines() if self.path.is_file() else []:
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # the line that a crash cut off
            if entry.get("to") == url and 200 <= int(entry.get("status") or 0) < 300:
                found.add(str(entry.get("id")))
        return frozenset(found)

    def add(self, url: str, sent: Sent, now: float) -> None:
        line = {"at": int(now), "to": url, "id": sent.event["id"], "type": sent.event["type"], "status": sent.answer.status}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def replay(events: Iterable[Event], sender: Sender, secret: Secret, ledger: Ledger, now: Callable[[], float]) -> Iterator[Sent]:
    """One after the other; the next only after the answer is written down."""
    for event in events:
        body, at = written(event), now()
        sent = Sent(event, sender.post(body, header(body, [secret], int(at))))
        ledger.add(sender.url, sent, at)
        yield sent
