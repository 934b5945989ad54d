from pathlib import Path
from textwrap import dedent

import pytest

from opskit.core.tree import Tree


@pytest.fixture
def platform(tmp_path: Path):
    """Writes files (path -> text, dedented) and gives the tree over them."""

    def make(files: dict[str, str] | None = None, **named: str) -> Tree:
        for path, text in {**(files or {}), **{f"{name}.py": text for name, text in named.items()}}.items():
            full = tmp_path / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(dedent(text).lstrip("\n").encode())
        return Tree(tmp_path)

    return make
