"""Which instructions of a Dockerfile count for the stage that is built."""

import pytest

from opskit.source.dockerfile import read_dockerfile, stage

FILE = b"""FROM node:22 AS base
ENV PORT=80
FROM base AS api
EXPOSE 3001
CMD ["node", "api.js"]
FROM --platform=linux/amd64 base AS web
EXPOSE 3000
CMD ["node", "web.js"]
"""


@pytest.mark.parametrize("target, names", [
    pytest.param("api", ["PORT=80", "3001", '["node", "api.js"]'], id="a named stage with what it goes on from"),
    pytest.param("API", ["PORT=80", "3001", '["node", "api.js"]'], id="in any spelling"),
    pytest.param("", ["PORT=80", "3000", '["node", "web.js"]'], id="the last without a target"),
    pytest.param("gone", ["PORT=80", "3000", '["node", "web.js"]'], id="the last for an unknown one"),
    pytest.param("base", ["PORT=80"], id="the first alone"),
])
def test_a_stage_has_what_it_goes_on_from(target, names):
    found = stage(read_dockerfile("Dockerfile", FILE), target)
    assert [each.text for each in found if each.name != "FROM"] == names


def test_instructions_before_any_stage_are_kept():
    assert [each.name for each in stage(read_dockerfile("Dockerfile", b"EXPOSE 80\n"))] == ["EXPOSE"]
