"""All lines in one go; where that fails, the few that cannot go in are found by halving, and the rest goes in without them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from opskit.core.errors import LiveError, NotReady
from opskit.deps.install.process import Done
from opskit.deps.install.reasons import Reason, is_full, is_unreachable, reason_of
from opskit.deps.install.wanted import Wanted

Put = Callable[[list[str], bool], Done]


@dataclass(frozen=True, slots=True)
class Failed:
    """A line that did not go in, and why."""

    wanted: Wanted
    reason: Reason


@dataclass
class Isolation:
    """`put(lines, build)` installs them together. `accepted` went in, in the order they did."""

    put: Put
    python: str
    say: Callable[[str], None]
    accepted: list[Wanted] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    tries: int = 0

    def install(self, wanted: list[Wanted]) -> None:
        """Wheels only first; then sources may be built; then halves on top of what already went in."""
        if not wanted or not self._try(wanted, False).code:
            self.accepted += wanted
            return
        done = self._try(wanted, True)
        if not done.code:
            self.accepted += wanted
            return
        self.say("  not all of it goes in together; looking for what does not")
        self._split(wanted, done)

    def _split(self, wanted: list[Wanted], done: Done) -> None:
        if len(wanted) == 1:
            one = wanted[0]
            self.failed.append(Failed(one, reason_of(done.output, one.line, one.specifier, self.python)))
            self.say(f"  left out: {one.line}: {self.failed[-1].reason.text}")
            return
        named = [w for w in wanted if self._is_named(w, done)]
        middle = len(wanted) // 2
        parts = (
            [[w for w in wanted if w not in named], *([w] for w in named)]
            if 0 < len(named) < min(4, len(wanted))
            else [wanted[:middle], wanted[middle:]]
        )
        for part in parts:
            tried = self._try(part, True)
            if not tried.code:
                self.accepted += part
            else:
                self._split(part, tried)

    def _is_named(self, wanted: Wanted, done: Done) -> bool:
        """Installers often name the culprit; a guess that is tried, never trusted."""
        return bool(wanted.specifier) and wanted.line in done.output

    def _try(self, part: list[Wanted], build: bool) -> Done:
        self.tries += 1
        done = self.put([w.line for w in (*self.accepted, *part)], build)
        if done.code and is_full(done.output):
            raise NotReady("the disk is full; what went in before stays", code="OPS-K003", help="make room, then run it again")
        if done.code and is_unreachable(done.output):
            raise LiveError(
                "the package index cannot be reached",
                code="OPS-K008",
                help="look at the network, a proxy, or the index that UV_*, PIP_* and the manifests name; then run it again",
            )
        return done
