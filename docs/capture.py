"""Make the picture in the README: opskit at work on one of the broken platforms of the tests.

    python docs/capture.py          (writes docs/opskit.svg)
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
# of each command's screen: lines from the top, lines from the end
COMMANDS = (("opskit init --yes", 8, 5), ("opskit check", 19, 14), ("opskit fix --all --yes", 6, 2), ("opskit doctor", 6, 4))


def run(command: str, cwd: Path) -> str:
    environ = {**os.environ, "FORCE_COLOR": "1"}
    done = subprocess.run([sys.executable, "-m", *command.split()], cwd=cwd, env=environ, capture_output=True, text=True)
    return done.stdout


def main() -> None:
    from tests.platforms.loader import load

    console = Console(record=True, width=84, force_terminal=True, color_system="standard", file=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        platform = Path(folder) / "shopfront"
        load("shopfront", platform)
        for command, top, end in COMMANDS:
            lines = run(command, platform).rstrip("\n").split("\n")
            console.print(Text(f"$ {command}", "bold green"))
            kept = lines if len(lines) <= top + end else [*lines[:top], "...", *lines[-end:]]
            console.print(Text.from_ansi("\n".join(kept)), soft_wrap=False, overflow="crop")
            console.print()
    picture = re.sub(r"@font-face \{.*?\}", "", console.export_svg(title="opskit"), flags=re.DOTALL)
    (ROOT / "docs" / "opskit.svg").write_text(picture, "utf-8")


if __name__ == "__main__":
    main()
