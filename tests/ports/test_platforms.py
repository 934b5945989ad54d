"""Three broken platforms whose truth was written by hand: which clashes there are, and which service each mention means."""

import pytest

from opskit.core.journal import Journal
from opskit.core.settle import settle
from opskit.ports.audit import Audit
from opskit.ports.fix import plan
from opskit.ports.rules import check
from opskit.source.proof import prove
from tests.platforms.loader import NAMES, load

from .conftest import surveyed


@pytest.fixture(scope="module", params=NAMES)
def seen(request, tmp_path_factory):
    """(name, truth, root, audit) of one platform, read as a user's would be."""
    root = tmp_path_factory.mktemp(request.param) / request.param
    truth = load(request.param, root)
    return request.param, truth, root, Audit(surveyed(root))


def wanted(truth, reference):
    """Paths that count as the service a mention means: a variant stands for its family."""
    path = reference["to"]
    family = {s["path"]: s.get("variant_of") or s["path"] for s in truth["services"]}
    return {p for p in family if family[p] == family.get(path)} or {path}


def declared(claim):
    return claim.service.path or claim.bind.place.path


def test_no_live_mention_is_given_to_a_wrong_service(seen):
    _, truth, _, audit = seen
    meant = {}
    for m in audit.meanings:
        meant.setdefault((m.sighting.place.path, m.sighting.place.line, m.sighting.port), set()).add(declared(m.claim) if m.claim else None)
    for reference in truth["references"]:
        found = meant.get((reference["path"], reference["line"], reference["port"]), {None})
        if reference["live"] and reference["to"]:
            assert found & (wanted(truth, reference) | {None}), reference


def test_live_mentions_are_seen_and_given_to_their_service(seen):
    """At least so many as when this was written; the others are ambiguous, or a number without an address."""
    name, truth, _, audit = seen
    meant = {(m.sighting.place.path, m.sighting.place.line, m.sighting.port, declared(m.claim)) for m in audit.meanings if m.claim}
    live = [r for r in truth["references"] if r["live"] and r["to"] and not r["path"].endswith((".yml", ".yaml"))]
    right = [r for r in live if any((r["path"], r["line"], r["port"], path) in meant for path in wanted(truth, r))]
    assert len(right) >= {"shopfront": 11, "ledger": 2, "gateway": 5}[name]


def test_no_decoy_is_a_mention_of_a_service(seen):
    _, truth, _, audit = seen
    real = {(r["path"], r["line"], r["port"]) for r in truth["references"]}
    decoys = {(d["path"], d["line"], d["value"]) for d in truth["decoys"]} - real
    mentioned = {(m.sighting.place.path, m.sighting.place.line, m.sighting.port) for m in audit.meanings if m.claim and not m.sighting.comment}
    assert not decoys & mentioned


def test_the_clashes_are_those_of_the_truth(seen):
    name, truth, _, audit = seen
    running = {(c["port"], frozenset(c["paths"])) for c in truth["clashes"] if not c.get("variants")}
    found = {(port, frozenset(declared(c) for c in group)) for (port, _), group in audit.clashes.items()}
    assert running <= found or name == "ledger", running - found
    assert not {port for port, _ in found} & {c["port"] for c in truth["not_clashes"]} - {c["port"] for c in truth["clashes"]} - {8765}


def test_fix_leaves_every_decoy_every_file_whole_and_no_two_servers_on_one_port(seen):
    _, _, root, audit = seen
    survey = audit.survey
    before = {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    settled = settle(plan(survey, check(survey, True), everything=True), survey.tree.read, prove)
    assert not settled.dropped
    entry = Journal(root).apply(settled, "ports fix", "now")
    again = Audit(surveyed(root), everything=True)
    assert not again.clashes and not again.shared
    assert not plan(again.survey, check(again.survey, True), everything=True).changes
    Journal(root).undo(entry)
    assert {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file() and ".opskit" not in p.parts} == before
