"""How long opskit takes to say anything, as ratios to peers measured in the same run, interleaved.

    python benchmarks/startup.py [ROUNDS]

Goals: `--version` at most 0.3 times `python -c 'import typer'`, `--help` at most 1.4 times; a leaf's help at most
1.2 times a minimal Typer app's.
"""

import statistics
import subprocess
import sys
import time

MINIMAL = "import typer\napp = typer.Typer()\n@app.command()\ndef one(): pass\n@app.command()\ndef two(): pass\napp()"
COMMANDS = {
    "import typer": [sys.executable, "-c", "import typer"],
    "minimal Typer app, leaf --help": [sys.executable, "-c", MINIMAL, "one", "--help"],
    "opskit --version": [sys.executable, "-m", "opskit", "--version"],
    "opskit --help": [sys.executable, "-m", "opskit", "--help"],
    "opskit history --help": [sys.executable, "-m", "opskit", "history", "--help"],
    "opskit check --help": [sys.executable, "-m", "opskit", "check", "--help"],
}
PEERS = ("import typer", "minimal Typer app, leaf --help")


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - started


def main(rounds: int) -> None:
    for command in COMMANDS.values():
        seconds(command)
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(found) for name, found in times.items()}
    print(f"{'':34}{'ms':>7}" + "".join(f"{'x ' + peer:>34}" for peer in PEERS))
    for name, median in medians.items():
        print(f"{name:34}{median * 1000:7.0f}" + "".join(f"{median / medians[peer]:34.2f}" for peer in PEERS))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
