"""One line out of what uv 0.13 and pip 24 to 26 print, as they printed it."""

import pytest

from opskit.deps.install.reasons import is_unreachable, reason_of

UV = "Using Python 3.11.7 environment at: v\nerror: No solution found when resolving dependencies\n  cause: Because "
CONCLUDE = ", we can conclude that your requirements are unsatisfiable.\n"


@pytest.mark.parametrize(
    ("output", "line", "told"),
    [
        (f"{UV}there is no version of alpha==9 and you require alpha==9{CONCLUDE}", "alpha==9", "there is no such version"),
        (
            "ERROR: Could not find a version that satisfies the requirement alpha==9 (from versions: 1.0, 2.0)\nERROR: No matching distribution found for alpha==9\n",
            "alpha==9",
            "there is no such version",
        ),
        (f"{UV}nosuch was not found in the package registry and you require nosuch{CONCLUDE}", "nosuch", "the index knows no such package"),
        (
            "ERROR: Could not find a version that satisfies the requirement nosuch (from versions: none)\n",
            "nosuch",
            "nothing of that name for Python 3.11",
        ),
        (f"{UV}newer==1.0 requires Python >=3.99 and you require newer==1.0{CONCLUDE}", "newer==1.0", "wants Python >=3.99, this is 3.11"),
        ("ERROR: Package 'newer' requires a different Python: 3.11.7 not in '>=3.99'\n", "newer==1.0", "wants Python >=3.99, this is 3.11"),
        (
            f"{UV}binary==1.0 has no wheels with a matching Python ABI tag (e.g., `cp311`) and you require binary==1.0{CONCLUDE}",
            "binary==1.0",
            "no wheel for Python 3.11",
        ),
        (
            "error: Failed to download and build `broken==1.0`\n  cause: Call to `setuptools.build_meta` failed\n  cause: libfoo.h not found\n",
            "broken==1.0",
            "its build failed: libfoo.h not found",
        ),
        (
            "ERROR: Cannot install alpha==2.0 and beta==1.0 because these package versions have conflicting dependencies.\n"
            "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io\n",
            "beta",
            "cannot stand beside the others: Cannot install alpha==2.0 and beta==1.0",
        ),
        (
            f"{UV}all versions of beta depend on alpha<2 and you require alpha==2.0, we can conclude that your requirements and all versions of beta are incompatible.\n",
            "beta",
            "all versions of beta depend on alpha<2",
        ),
        ("", "x", "the installer gave no reason"),
    ],
)
def test_the_reason_in_one_line(output, line, told):
    reason = reason_of(output, line, "==" if "==" in line else "", "3.11")
    assert told in reason.text and "\n" not in reason.text and line.split("=")[0] in reason.mend


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("error: Request failed after 3 retries\n  cause: tcp connect error\n", True),
        ("WARNING: Retrying after connection broken by 'NewConnectionError('...')'\nERROR: No matching distribution found\n", True),
        ("error: Failed to build `x`\n  cause: Connection refused\n", False),
        ("ERROR: No matching distribution found for x\n", False),
    ],
    ids=["uv", "pip", "a build that calls out", "a missing version"],
)
def test_an_index_out_of_reach_is_told_from_a_missing_package(output, expected):
    assert is_unreachable(output) is expected
