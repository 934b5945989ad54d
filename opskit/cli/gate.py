"""What `opskit init --ci` writes into the user's repository: the gate for GitHub, GitLab and pre-commit."""

from opskit import __version__
from opskit.core.change import Change, FileCreate
from opskit.core.tree import Tree

GITHUB = f"""# Written by `opskit init --ci`. Known findings wait in opskit-baseline.json; new ones fail.
name: opskit
on:
  push:
    branches: [main, master]
  pull_request:
permissions:
  contents: read
jobs:
  opskit:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: actions/setup-python@v6
        with:
          python-version: "3.12"
          cache: pip
          cache-dependency-path: opskit.toml
      - run: pip install opskit-cli=={__version__}
      - name: annotations and summary
        run: opskit check --baseline --format github
      - name: code scanning
        if: ${{{{ !cancelled() }}}}
        run: opskit check --format sarif --output opskit.sarif --exit-zero
      - name: upload, where the run may write (a fork's pull request may not)
        if: ${{{{ !cancelled() && (github.event_name == 'push' || github.event.pull_request.head.repo.full_name == github.repository) }}}}
        uses: github/codeql-action/upload-sarif@v4
        with:
          sarif_file: opskit.sarif
          category: opskit
"""

GITLAB = f"""# Written by `opskit init --ci`. Include it: `include: .gitlab/opskit.yml`
opskit:
  image: python:3.12-slim
  script:
    - pip install opskit-cli=={__version__}
    - opskit check --baseline --format junit --output opskit.xml
  artifacts:
    when: always
    reports:
      junit: opskit.xml
"""

PRE_COMMIT = f"""# Written by `opskit init --ci`. `pre-commit install` switches it on.
repos:
  - repo: local
    hooks:
      - id: opskit
        name: opskit check
        entry: opskit check --baseline --changed HEAD
        language: python
        additional_dependencies: ["opskit-cli=={__version__}"]
        pass_filenames: false
"""

FILES = {".github/workflows/opskit.yml": GITHUB, ".gitlab/opskit.yml": GITLAB, ".pre-commit-config.yaml": PRE_COMMIT}
COMMANDS = {".github/workflows/opskit.yml": "opskit check --baseline --format github",
            ".gitlab/opskit.yml": "opskit check --baseline --format junit --output opskit.xml",
            ".pre-commit-config.yaml": "opskit check --baseline --changed HEAD"}


def plan_gate(tree: Tree) -> list[Change]:
    """The files that are not there yet. GitLab's only where GitLab is used, GitHub's otherwise; an existing file is left alone."""
    return [FileCreate(path, FILES[path].encode(), "the gate", "gate") for path in _wanted(tree) if tree.read(path) is None]


def gate_notes(tree: Tree) -> list[str]:
    """What is left for a person to join: a file of theirs, and the line without which GitLab does not see ours."""
    theirs = [path for path in _wanted(tree) if tree.read(path) not in (None, FILES[path].encode())]
    notes = [f"left as it is: {path}; its part in the gate is `{COMMANDS[path]}`" for path in theirs]
    pipeline = tree.read(".gitlab-ci.yml")
    unseen = pipeline is not None and b".gitlab/opskit.yml" not in pipeline
    return notes + ["add to .gitlab-ci.yml: `include: .gitlab/opskit.yml`"] * unseen


def _wanted(tree: Tree) -> list[str]:
    gitlab = tree.read(".gitlab-ci.yml") is not None
    return [path for path in FILES if path.startswith(".gitlab") == gitlab or path.startswith(".pre-commit")]
