"""The door into the process: answers `--version` before anything heavy is imported."""

import sys


def main() -> int:
    if sys.argv[1:] in (["--version"], ["-V"], ["version"]):
        from opskit import __version__

        print(f"opskit {__version__}")
        return 0
    from opskit.cli.door import enter

    return enter(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
