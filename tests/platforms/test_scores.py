"""The readers agree with the truth of the platforms at least as well as they once did: a floor for each kind of fact."""

from functools import cache

import pytest

from tests.platforms.loader import NAMES
from tests.platforms.score import Score, scores

FLOORS = {  # kind -> (recall, precision)
    "services": (1.0, 1.0), "ports": (1.0, 1.0), "routes": (1.0, 1.0), "variables": (1.0, 1.0), "required": (1.0, 1.0),
    "port variables": (1.0, 1.0), "dangers": (1.0, 1.0), "nameless reads": (1.0, 1.0), "missing packages": (1.0, 1.0),
}


@cache
def scored(platform: str) -> dict[str, Score]:
    return {score.kind: score for score in scores(platform)}


@pytest.mark.parametrize("kind", FLOORS)
@pytest.mark.parametrize("platform", NAMES)
def test_the_readers_find_what_is_there_and_nothing_else(platform, kind):
    score, (recall, precision) = scored(platform)[kind], FLOORS[kind]
    assert score.recall >= recall, f"missed: {score.missed}"
    assert score.precision >= precision, f"told and not so: {score.false}"


@pytest.mark.parametrize("platform", NAMES)
def test_every_kind_that_is_scored_has_a_floor(platform):
    assert set(scored(platform)) == set(FLOORS)


def test_a_score_counts_what_is_missed_and_what_is_false():
    score = Score("p", "k", 4, ("a",), ("x",))
    assert (score.recall, score.precision) == (0.75, 0.75)
