"""Write docs/codes/CODE.md from the catalogue: the same source as `opskit explain` and the tests.

    python docs/write_codes.py
"""

from pathlib import Path

from opskit.cli.catalogue import catalogue
from opskit.core.codes import Code

FOLDER = Path(__file__).parent / "codes"


def markdown(code: Code) -> str:
    parts = [f"# {code.code}: {code.title}", "", code.why, "", f"**Mend:** {code.mend}"]
    for word, example in (("Bad", code.bad), ("Good", code.good)):
        for path, text in example.items():
            parts += ["", f"## {word}: `{path}`", "", "```", text.rstrip("\n"), "```"]
    return "\n".join(parts) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("OPS-*.md"):
        old.unlink()
    known = catalogue()
    for code in known.values():
        (FOLDER / f"{code.code}.md").write_text(markdown(code))
    index = "\n".join(f"- [{c.code}]({c.code}.md) {c.title}" for c in known.values())
    (FOLDER / "README.md").write_text(f"# Diagnostic codes\n\n{index}\n")


if __name__ == "__main__":
    main()
