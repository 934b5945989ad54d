"""Small platforms for the room of paths, and edits put into the files that they are meant for."""

import subprocess
from collections import namedtuple

import pytest

from opskit.core.settle import settle
from opskit.core.tree import Tree
from opskit.paths.fix import plan
from opskit.paths.judge import paths_of
from opskit.paths.rules import check
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey

Mended = namedtuple("Mended", "files plan skipped")


class Platform:
    def __init__(self, root):
        self.root = root

    def lay(self, files):
        for path, text in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    @property
    def survey(self):
        return Survey(Tree(self.root), read_manifest(self.root))

    @property
    def paths(self):
        return paths_of(self.survey)

    def roots(self):
        return {(root.variable, root.prefix, root.kind) for root in self.paths.roots}

    def codes(self):
        return [finding.code for finding in check(self.survey).findings]

    def mended(self, how=None, review=False):
        """What the fix makes of the platform: the files that change, on disk too."""
        survey = self.survey
        proposed = plan(survey, check(survey), review=review, how=how)
        settled = settle(proposed, survey.tree.read)
        for rewrite in settled.rewrites:
            (self.root / rewrite.path).write_bytes(rewrite.after)
        return Mended({r.path: r.after.decode(errors="surrogateescape") for r in settled.rewrites}, proposed, [s.reason for s in proposed.skipped])


@pytest.fixture
def platform(tmp_path):
    root = tmp_path / "shop"
    root.mkdir()
    subprocess.run(["git", "init", "-q", root], check=True)
    return Platform(root)
