"""From findings to a plan: each move is one group of edits, the bind, every mention of it, and its line in ports.toml. Pure."""

from collections.abc import Iterable, Iterator

from opskit.core.change import FileEdit, Plan
from opskit.core.finding import Checked, Finding, Skipped
from opskit.core.place import Place
from opskit.ports.audit import Audit, audit_of
from opskit.ports.deployment import deployed_places
from opskit.ports.freeing import CODE as FREED
from opskit.ports.freeing import fixed, freed, likely
from opskit.ports.meaning import Meaning
from opskit.ports.planner import Move
from opskit.ports.registry import heading, register
from opskit.ports.settings import messages_of, settings_of, sharers
from opskit.survey.survey import Survey

MOVING = ("OPS-P001", "OPS-P003", "OPS-P009", "OPS-P011")


def plan(survey: Survey, checked: Checked, everything: bool = False, review: bool = False) -> Plan:
    """Moves for the findings that still stand in `checked`. Pages of documentation are edited only with `review`."""
    audit = audit_of(survey, everything)
    reasons = {(name, f.data["port"]): f for f in reversed(checked.findings) if f.code in MOVING for name in f.data.get("services", ())}
    moves = [m for m in audit.planned if (m.claim.service.name, m.claim.port) in reasons]
    shared = {m.claim.key: others for m in moves if (others := sharers(survey, m.claim))}
    held_there = {m.claim.key: why for m in moves if (why := deployed_places(survey, m.claim)[1])}
    told = {key: f"{', '.join(others)} take their port from the same variable" for key, others in shared.items()} | held_there
    standing = [m for m in moves if m.claim.key not in told]
    skipped = [Skipped(reasons[m.claim.service.name, m.claim.port], told[m.claim.key]) for m in moves if m.claim.key in told]
    edits, held = _Edits(survey, reasons), 0
    for move in standing:
        edits.bind(move)
    for move in standing:
        for m in audit.meanings:
            if m.claim is not None and m.claim.key == move.claim.key:
                if m.sighting.role == "doc" and not review:
                    held += 1
                else:
                    edits.mention(move, m)
    for finding in (f for f in checked.findings if f.code == FREED):
        if review:
            found = tuple(fixed(audit, {m.claim.key: m.port for m in standing}))
            edits.free(freed(found, audit, {m.claim.key: m.group for m in standing}))
            left = {c.service.name: c for c in likely(audit)}.keys() - {f.claim.service.name for f in found}
            skipped += [Skipped(finding, f"{name}: its call is not a plain one below the file's imports") for name in sorted(left)]
        else:
            held += sum(1 for _ in likely(audit))
    return Plan(tuple(edits), (*skipped, *_stuck(audit, checked), *_ambiguous(audit, standing, review)), held)


class _Edits:
    """Edits gathered once a span: a literal that two mentions share is edited by the first."""

    def __init__(self, survey: Survey, reasons: dict[tuple[str, int], Finding]) -> None:
        self.survey, self.reasons = survey, reasons
        self.made: dict[tuple[str, int], FileEdit] = {}
        self.lines: list[FileEdit] = []

    def __iter__(self) -> Iterator[FileEdit]:
        head = heading(self.survey.tree) if any(edit.start == edit.end for edit in self.lines) else None
        return iter((*self.made.values(), *([head] if head else []), *self.lines))

    def bind(self, move: Move) -> None:
        claim, name = move.claim, move.claim.service.name
        deployed, _ = deployed_places(self.survey, claim)
        own = (b.place for b in claim.binds)
        for place in (*own, *settings_of(self.survey, claim), *messages_of(self.survey.tree, claim), *deployed):
            self._add(move, place, f"{name} moves from {claim.port} to {move.port}")
        if claim.main:
            why = f"moved from {claim.port}"
            if line := register(self.survey.tree, name, move.port, claim.protocol, why, move.group, self._code(move)):
                self.lines.append(line)

    def free(self, freed: Iterable[FileEdit]) -> None:
        """In place of the plain edits of the same numbers; an insertion stands under a key of its own."""
        for edit in freed:
            self.made[edit.path, edit.start if edit.end > edit.start else -edit.start - 1] = edit

    def mention(self, move: Move, meant: Meaning) -> None:
        for place in (meant.sighting.place, *meant.sighting.also):
            self._add(move, place, f"{move.claim.service.name} moves to {move.port}: {meant.why}")

    def _add(self, move: Move, place: Place, why: str) -> None:
        old = (self.survey.tree.read(place.path) or b"")[place.start : place.end]
        if old.replace(b"_", b"").strip(b"'\"") == str(move.claim.port).encode():
            new = old.replace(b"_", b"").replace(str(move.claim.port).encode(), str(move.port).encode())
            edit = FileEdit(place.path, place.start, place.end, old, new, why, move.group, self._code(move))
            self.made.setdefault((place.path, place.start), edit)

    def _code(self, move: Move) -> str:
        return self.reasons[move.claim.service.name, move.claim.port].code


def _stuck(audit: Audit, checked: Checked) -> Iterator[Skipped]:
    """Claims that would have to leave a contested port and cannot be edited."""
    for finding in checked.findings:
        group = audit.clashes.get((finding.data.get("port", 0), finding.data.get("protocol", ""))) if finding.code == "OPS-P001" else None
        for claim in audit.order(group) if group else ():
            if reason := audit.stuck(claim):
                yield Skipped(finding, f"{claim.service.name}: {reason}")


def _ambiguous(audit: Audit, moves: Iterable[Move], review: bool) -> Iterator[Skipped]:
    """Mentions of a port that somebody leaves, which may mean the one that leaves."""
    leaving = {m.claim.key for m in moves}
    for m in audit.meanings:
        if m.claim is None and any(c.key in leaving for c in m.claimants) and (review or m.sighting.role != "doc"):
            finding = Finding("OPS-P012", "note", f"port {m.sighting.port} may mean any of several services", m.sighting.place)
            yield Skipped(finding, f"ambiguous: {m.why}")
