"""Bootstraps killed at every call of the API.

    python benchmarks/soak/bootstrap.py [--pairs] [--shape first|changed] [--edits N] [--seed N] [--sample N]

Singly: every call of a first bootstrap and of one that changes a price and an endpoint, before it is carried out, with its answer lost,
and after its answer. With --pairs a second kill at every call of the run that takes it up: of first kills that leave the same state (a
read lost, or a write killed after its answer and the next call before it) one is taken up again, and a second kill past the run's last
call is a single one. --sample N draws N of the trials. Each ends with no duplicate, no lost secret, after at most two more runs, and a
further run writes nothing; else it stands below as failed. --edits N: N random sequences of catalogues, each planned, carried out and
planned again.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from opskit.sandbox.stripe.server import Server
from opskit.sandbox.stripe.settings import Settings
from opskit.sandbox.stripe.spec.library import Library
from opskit.sandbox.stripe.testing import Sandbox
from tests.stripe.conftest import FILE
from tests.stripe.killing import WHEN, Kill, Trial, Zygote

CHANGED = FILE.replace("99.00", "129.00", 1).replace('"2023-10-16"', '"2025-03-31.basil"')
SHAPES = {"first": (21, 2), "changed": (24, 3)}


@dataclass
class Told:
    """What came of the trials so far."""

    trials: int = 0
    failed: int = 0
    most: int = 0
    began: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        runs = f"{self.most} more run{'s' * (self.most != 1)}"
        return f"{self.trials} trials: {self.failed} failed; done after at most {runs}; {time.monotonic() - self.began:.0f} s"


@contextmanager
def fresh(shape: str, library: Library, zygote: Zygote) -> Iterator[Trial]:
    """A platform and a sandbox, as the shape begins."""
    with tempfile.TemporaryDirectory(prefix="soak") as folder, Server(Settings(), library=library) as server:
        found = Trial(Path(folder), Sandbox(server), zygote, FILE)
        try:
            if shape == "changed":
                assert found.run() == 0
                (Path(folder) / "stripe.yaml").write_text(CHANGED)
            yield found
        finally:
            found.close()


def kinds(shape: str, library: Library, zygote: Zygote) -> list[Kill]:
    """One first kill for each state that one can leave."""
    found: dict[str, Kill] = {}
    for kill in singles(shape):
        with fresh(shape, library, zygote) as trial:
            trial.run(kill)
            found.setdefault(trial.state(), kill)
    return list(found.values())


def singles(shape: str) -> list[Kill]:
    return [Kill(at, when) for at in range(1, SHAPES[shape][0] + 1) for when in WHEN]


def try_one(shape: str, kills: tuple[Kill, ...], told: Told, library: Library, zygote: Zygote) -> bool:
    """Whether every kill was reached: what does not hold is told."""
    struck = False
    with fresh(shape, library, zygote) as trial:
        try:
            struck = all(trial.run(kill) == -signal.SIGKILL for kill in kills)
            told.most = max(told.most, trial.finish())
            trial.judge(prices=SHAPES[shape][1])
        except AssertionError:
            told.failed += 1
            print(f"FAILED {shape} {kills}: {traceback.format_exc(limit=0).splitlines()[-1]}", flush=True)
    told.trials += 1
    if not told.trials % 50:
        print(told, flush=True)
    return struck


def try_pairs(shape: str, told: Told, library: Library, zygote: Zygote) -> None:
    """Until the run that takes it up has no call left to be killed at."""
    firsts = kinds(shape, library, zygote)
    print(f"{shape}: {len(singles(shape))} first kills leave {len(firsts)} states", flush=True)
    for first in firsts:
        at = 1
        while all(try_one(shape, (first, Kill(at, when)), told, library, zygote) for when in WHEN):
            at += 1


def kill_them(asked: argparse.Namespace) -> int:
    told, library, zygote = Told(), Library(), Zygote()
    shapes = [asked.shape] if asked.shape else list(SHAPES)
    if asked.pairs and not asked.sample:
        for shape in shapes:
            try_pairs(shape, told, library, zygote)
    else:
        for shape, kills in chosen(shapes, asked):
            try_one(shape, kills, told, library, zygote)
    zygote.close()
    print(told)
    return told.failed


def chosen(shapes: list[str], asked: argparse.Namespace) -> list[tuple[str, tuple[Kill, ...]]]:
    seconds = {shape: [(kill,) for kill in singles(shape)] if asked.pairs else [()] for shape in shapes}
    every = [(shape, (first, *second)) for shape in shapes for first in singles(shape) for second in seconds[shape]]
    return random.Random(asked.seed).sample(every, min(asked.sample, len(every))) if asked.sample else every


def edit_them(count: int) -> int:
    """Hypothesis draws the sequences; each example plans, writes and plans again."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    from tests.stripe.catalogues import catalogues
    from tests.stripe.model import Model
    from tests.stripe.test_planner import NONE, plan, settle

    told = {"sequences": 0, "catalogues": 0, "writes": 0}

    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(catalogues(), min_size=2, max_size=6))
    def sequence(found: list) -> None:
        model = Model()
        for catalogue in found:
            assert not settle(model, catalogue).conflicts
            assert not plan(catalogue, model.held(), model.kept(), NONE).writes
        told["sequences"] += 1
        told["catalogues"] += len(found)
        told["writes"] += model.writes

    sequence()
    counts = f"{told['sequences']} sequences of {told['catalogues']} catalogues, {told['writes']} writes"
    print(f"{counts}: each named by its plan, none left after it")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--shape", choices=list(SHAPES), help="a first bootstrap, or one that changes what stands [default: both]")
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=0)
    asked = parser.parse_args()
    return int(bool(edit_them(asked.edits) if asked.edits else kill_them(asked)))


if __name__ == "__main__":
    sys.exit(main())
