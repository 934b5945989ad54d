"""Lays one of the broken platforms beside this file out in a folder of the test's own.

    truth = load("shopfront", tmp_path / "shop", git=True)
"""
import hashlib
import json
import os
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = tuple(sorted(folder.name for folder in HERE.iterdir() if (folder / "expected.json").is_file()))


def _noise(seed: str, length: int) -> str:
    """Letters and digits that look random and are the same on every run."""
    stream, letters = b"", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    while len(stream) < length:
        stream += hashlib.sha256(f"{seed}{len(stream)}".encode()).digest()
    return "".join(letters[byte % len(letters)] for byte in stream[:length])


def tokens() -> dict[str, str]:
    """Marker -> a fake token of the right shape, put together here so that none stands whole in our source."""
    return {
        "@@STRIPE_LIVE@@": "_".join(("sk", "live", "51" + _noise("stripe", 97))),
        "@@ANTHROPIC@@": "-".join(("sk", "ant", "api03", _noise("anthropic", 93) + "AA")),
        "@@AIRTABLE@@": "pat" + _noise("airtable", 14) + "." + hashlib.sha256(b"airtable").hexdigest(),
        "@@GITHUB@@": "_".join(("ghp", _noise("github", 36))),
        "@@SENDGRID@@": ".".join(("SG", _noise("send", 22), _noise("grid", 43))),
    }


def _copy(source: Path, destination: Path) -> None:
    for path in sorted(source.rglob("*")):
        parts = ["." + part[4:] if part.startswith("dot-") else part for part in path.relative_to(source).parts]
        if not path.is_file() or "__pycache__" in parts:
            continue
        content = path.read_bytes()                       # bytes: some are latin-1, some have a BOM and CRLF
        for marker, token in tokens().items():
            content = content.replace(marker.encode(), token.encode())
        target = destination.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def load(name: str, destination: str | os.PathLike[str], git: bool = False) -> dict:
    """Copy NAME's tree to `destination` (links included), commit it if `git`, return what expected.json says.

    A platform's `outside/` lands BESIDE the destination as `NAME-outside`: a link of the tree points there.
    """
    destination = Path(destination)
    destination.mkdir(parents=True, exist_ok=True)
    _copy(HERE / name / "tree", destination)
    if (HERE / name / "outside").is_dir():
        _copy(HERE / name / "outside", destination.parent / f"{name}-outside")
    truth = json.loads((HERE / name / "expected.json").read_text(encoding="utf-8"))
    for link, target in truth["symlinks"].items():
        (destination / link).parent.mkdir(parents=True, exist_ok=True)
        (destination / link).symlink_to(target, target_is_directory=not target.endswith(".py"))
    if git:
        run = ["git", "-C", str(destination), "-c", "user.name=author", "-c", "user.email=author@example.com",
               "-c", "core.autocrlf=false", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"]
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "works on my machine"]):
            subprocess.run([*run, *command], check=True, capture_output=True)
    return truth
