"""Bootstraps killed at every call of the API: python benchmarks/soak/bootstrap.py [--pairs] [--edits N] [--seed N] [--sample N]

Singly: every call of a first bootstrap and of one that changes a price and an endpoint, before it is carried out, with its answer lost,
and after its answer. With --pairs a second kill at every call of the run that takes it up. --sample N draws N of the trials. Each ends
with no duplicate, no lost secret, after at most two more runs, and a further run writes nothing; else it stands below as failed.
--edits N: N random sequences of catalogues, each planned, carried out and planned again.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from opskit.sandbox.stripe.server import Server
from opskit.sandbox.stripe.settings import Settings
from opskit.sandbox.stripe.spec.library import Library
from opskit.sandbox.stripe.testing import Sandbox
from tests.stripe.conftest import FILE
from tests.stripe.killing import WHEN, Kill, Trial, Zygote

CHANGED = FILE.replace("99.00", "129.00", 1).replace('"2023-10-16"', '"2025-03-31.basil"')
SHAPES = {"first": (21, 2), "changed": (24, 3)}


def trial(shape: str, kills: tuple[Kill, ...], library: Library, zygote: Zygote) -> int:
    """How many more runs it took. Raises AssertionError where something does not hold."""
    with tempfile.TemporaryDirectory(prefix="soak") as folder, Server(Settings(), library=library) as server:
        found = Trial(Path(folder), Sandbox(server), zygote, FILE)
        try:
            if shape == "changed":
                assert found.run() == 0
                (Path(folder) / "stripe.yaml").write_text(CHANGED)
            runs = found.killed(*kills)
            found.judge(prices=SHAPES[shape][1])
            return runs
        finally:
            found.close()


def trials(pairs: bool) -> list[tuple[str, tuple[Kill, ...]]]:
    single = [(shape, Kill(at, when)) for shape, (calls, _) in SHAPES.items() for at in range(1, calls + 1) for when in WHEN]
    if not pairs:
        return [(shape, (kill,)) for shape, kill in single]
    return [(shape, (first, second)) for shape, first in single for other, second in single if other == shape]


def kill_them(asked: argparse.Namespace) -> int:
    chosen, library, zygote = trials(asked.pairs), Library(), Zygote()
    if asked.sample:
        chosen = random.Random(asked.seed).sample(chosen, min(asked.sample, len(chosen)))
    failed, most, began = 0, 0, time.monotonic()
    for number, (shape, kills) in enumerate(chosen, 1):
        try:
            most = max(most, trial(shape, kills, library, zygote))
        except AssertionError:
            failed += 1
            print(f"FAILED {shape} {kills}: {traceback.format_exc(limit=0).splitlines()[-1]}", flush=True)
        if number % 50 == 0:
            print(f"{number} of {len(chosen)}, {failed} failed, {time.monotonic() - began:.0f} s", flush=True)
    zygote.close()
    print(f"{len(chosen)} trials: {failed} failed; done after at most {most} more run{'s' * (most != 1)}; {time.monotonic() - began:.0f} s")
    return failed


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
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=0)
    asked = parser.parse_args()
    return int(bool(edit_them(asked.edits) if asked.edits else kill_them(asked)))


if __name__ == "__main__":
    sys.exit(main())
