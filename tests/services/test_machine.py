"""One service's life: replayed histories, and properties over every history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.services.machine import STATES, Event, Life, Policy, step

POLICY = Policy(first=1.0, longest=8.0, tries=3, steady=10.0)
DIED = Event("ended", "ended with code 1", code=1)


def replay(*events, policy=POLICY, life=None):
    """The last life, and every action in order."""
    life, done = life or Life(), []
    for event in events:
        life, actions = step(life, Event(event) if isinstance(event, str) else event, policy)
        done += [a.kind if a.kind != "retry" else f"retry {a.delay:g}" for a in actions]
    return life, done


RUNNING = ("begin", "spawned", "answered")
CRASH = ("waited", "spawned", DIED)
HISTORIES = {
    "starts and is ready": (RUNNING, "ready", ["start"]),
    "a port taken is final": (("begin", Event("refused", "port 1 is held")), "failed", ["start"]),
    "never ready is unhealthy and goes on": (("begin", "spawned", "late"), "unhealthy", ["start"]),
    "late is not too late": (("begin", "spawned", "late", "answered"), "ready", ["start"]),
    "loses its port": ((*RUNNING, "lost"), "unhealthy", ["start"]),
    "a crash waits": ((*RUNNING, DIED), "restarting", ["start", "retry 1"]),
    "a crash loop ends": (("begin", "spawned", DIED, *CRASH * 3), "failed",
                          ["start", "retry 1", "start", "retry 2", "start", "retry 4", "start"]),
    "stops when asked": ((*RUNNING, "stop", Event("ended", code=-15)), "stopped", ["start", "terminate"]),
    "asked twice, told once": ((*RUNNING, "stop", "stop"), "ready", ["start", "terminate"]),
    "restarts when asked": ((*RUNNING, "restart", Event("ended", code=-15), "spawned"), "starting", ["start", "terminate", "start"]),
    "stop beats restart": ((*RUNNING, "restart", "stop", Event("ended")), "stopped", ["start", "terminate"]),
    "stopped while it waits": ((*RUNNING, DIED, "stop", "waited"), "stopped", ["start", "retry 1"]),
    "stopped while it starts": (("begin", "stop", "spawned"), "stopped", ["start", "terminate"]),
    "exposed is stopped for good": ((*RUNNING, Event("exposed", "0.0.0.0"), DIED), "failed", ["start", "terminate"]),
    "a failed one may be restarted": ((*RUNNING, Event("exposed"), DIED, "restart"), "starting", ["start", "terminate", "start"]),
}


@pytest.mark.parametrize(("events", "state", "actions"), HISTORIES.values(), ids=HISTORIES)
def test_a_history_ends_as_told(events, state, actions):
    life, done = replay(*events)
    assert (life.state, done) == (state, actions)


def test_steady_running_forgets_earlier_crashes():
    life, done = replay("begin", "spawned", DIED, "waited", "spawned", DIED, "waited", "spawned", "answered", Event("ended", code=1, ran=11.0))
    assert life.failures == 1 and done[-1] == "retry 1"


def test_what_may_end_by_itself_ends_well_only_with_code_0():
    once = Policy(once=True)
    assert replay("begin", "spawned", Event("ended", code=0), policy=once)[0].state == "stopped"
    assert replay("begin", "spawned", Event("ended", code=1), policy=once)[0].state == "restarting"


def test_disabled_stays_disabled():
    life, done = replay("begin", "restart", "stop", "waited", life=Life("disabled"))
    assert life.state == "disabled" and not done


KINDS = ("begin", "refused", "spawned", "answered", "late", "lost", "ended", "waited", "stop", "restart", "exposed")
events = st.builds(Event, st.sampled_from(KINDS), reason=st.just("r"),
                   code=st.sampled_from([0, 1, -9]), ran=st.sampled_from([0.0, 5.0, 50.0]))


@given(st.lists(events, max_size=60), st.booleans())
def test_any_history_keeps_its_promises(history, once):
    policy, life, asked = Policy(tries=3, longest=8.0, once=once), Life(), 0
    for event in history:
        if event.kind == "spawned" and (life.alive or not asked):
            continue
        before = life
        life, actions = step(before, event, policy)
        kinds = [a.kind for a in actions]
        asked += ("start" in kinds) - (event.kind == "spawned")
        assert life.state in STATES and len(actions) <= 1
        assert not (life.alive and life.state in ("pending", "restarting")), "waiting means that nothing runs"
        assert "start" not in kinds or (not life.alive and life.state == "starting"), "never two at once"
        assert ("terminate" in kinds) <= (life.alive and life.stopping)
        assert all(0 < a.delay <= policy.longest for a in actions if a.kind == "retry")
        assert life.failures <= policy.tries + 1
        if event.kind == "stop":
            assert life.stopping or life.state in ("stopped", "disabled"), "a stop is never lost"
            assert not life.again


@given(st.lists(events, max_size=30))
def test_after_a_stop_and_the_end_nothing_starts_by_itself(history):
    life = replay(*history)[0]
    life = replay("stop", Event("ended"), life=life)[0]
    for kind in ("waited", "answered", "late", "lost", "ended", "refused"):
        life, actions = step(life, Event(kind), POLICY)
        assert not actions and not life.alive
