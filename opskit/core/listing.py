"""Which files belong to the platform: git's own list where there is one, else a walk that honours .gitignore."""

import os
import posixpath
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

DEPENDENCIES = frozenset(
    "node_modules bower_components .venv venv virtualenv site-packages __pycache__ .git .hg .svn .tox .nox .opskit"
    " .mypy_cache .pytest_cache .ruff_cache .netlify .next .nuxt .terraform _vendor vendored third_party dist-packages".split()
)
MINIFIED = (".sarif", ".min.js", ".min.css", ".bundle.js", ".map", ".pyc", "_pb2.py", "package-lock.json", "yarn.lock", "pnpm-lock.yaml")
# what Go and Composer write into a folder of copied packages (go.dev/ref/mod#vendoring, getcomposer.org/doc/01-basic-usage.md)
COPIED = ("vendor/modules.txt", "vendor/autoload.php")


def listed(root: Path, leave_alone: Iterable[str] = ()) -> Iterator[str]:
    """Relative paths with `/`, sorted, dependencies and generated files left out even when tracked."""
    from_git = _from_git(root)
    found: Iterable[str] = _from_walk(root) if from_git is None else from_git
    left, environments = _matcher(leave_alone), {"": False}
    paths = sorted(set(found))
    copied = tuple(posixpath.dirname(p) + "/" for p in paths if p.endswith(COPIED))
    for path in paths:
        if copied and path.startswith(copied):
            continue
        ours = DEPENDENCIES.isdisjoint(path.split("/")) and not path.endswith(MINIFIED) and not left(path)
        if ours and not _inside_environment(root, posixpath.dirname(path), environments):
            yield path


def dirty(root: Path) -> frozenset[str]:
    """Tracked files that differ from the last commit (none where there is no git or no commit)."""
    output = _git(root, "diff", "--name-only", "--relative", "-z", "HEAD", "--")
    return frozenset(_names(output)) if output is not None else frozenset()


def changed_since(root: Path, revision: str) -> frozenset[str] | None:
    """Files that differ from where this branch left `revision`, new untracked ones too; None where git does not know it.

    What `revision` has gained since is not this branch's. Where git cannot tell the fork (a shallow clone) it is `revision` itself, and
    before the first commit HEAD is the empty tree.
    """
    if revision.startswith("-") or not revision:
        return None
    fork = (_git(root, "merge-base", revision, "HEAD") or b"").decode().strip() or revision
    if revision == "HEAD" and _git(root, "rev-parse", "--verify", "--quiet", "HEAD") is None:
        fork = (_git(root, "hash-object", "-t", "tree", "--stdin") or b"").decode().strip() or revision
    differing = _git(root, "diff", "--name-only", "--relative", "-z", fork, "--")
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return None if differing is None else frozenset(_names(differing + (untracked or b"")))


def tracked(root: Path) -> frozenset[str]:
    """Files that git tracks, none where there is no git."""
    output = _git(root, "ls-files", "-z")
    return frozenset(_names(output)) if output is not None else frozenset()


def ignores(patterns: Iterable[str], path: str) -> bool:
    """Whether lines of a .gitignore leave `path` (relative to its folder, with `/`) out of git; the last match counts."""
    return _matcher(patterns)(path)


def _matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """What lines of a .gitignore match; where there are none, nothing is loaded to say so."""
    patterns = tuple(patterns)
    if not patterns:
        return lambda path: False
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns).match_file


def _from_git(root: Path) -> list[str] | None:
    output = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return None if output is None else _names(output)


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _git(root: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _from_walk(root: Path) -> Iterator[str]:
    ignore = root / ".gitignore"
    lines = ignore.read_text("utf-8", "replace").splitlines() if ignore.is_file() else []
    ignored = _matcher(lines)
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in DEPENDENCIES]
        base = Path(folder).relative_to(root)
        for name in files:
            path = (base / name).as_posix()
            if not ignored(path):
                yield path


def _inside_environment(root: Path, folder: str, known: dict[str, bool]) -> bool:
    """A virtual environment by any name holds a pyvenv.cfg; `known` are the folders that were looked at."""
    if folder not in known:
        above = _inside_environment(root, posixpath.dirname(folder), known)
        known[folder] = above or os.path.isfile(os.path.join(root, folder, "pyvenv.cfg"))
    return known[folder]
