"""Whether the script scanner and the token scan stay linear: CPU seconds for a text and for four times of it.

    python benchmarks/scan.py
"""

import time
from collections.abc import Callable

from opskit.core.vendors import TOKEN
from opskit.pg.scan import scan

ROW = b"INSERT INTO t (a, b, c) VALUES (1, 'abc; def', 2.5), (2, 'it''s', NULL);\n"
LINE = "const url = 'https://example.org/static/app.js?v=0123456789abcdef'; // sk- gh AKIA xox\n"


def seconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def main() -> None:
    acts: dict[str, Callable[[int], object]] = {
        "scan of an SQL dump": lambda n: list(scan(ROW * n)),
        "search for tokens": lambda n: TOKEN.findall(LINE * n),
    }
    print(f"{'':24}{'2,000 lines':>14}{'8,000 lines':>14}{'ratio':>8}   (4 is linear)")
    for name, act in acts.items():
        few, many = seconds(lambda act=act: act(2000)), seconds(lambda act=act: act(8000))
        print(f"{name:24}{few:13.3f}s{many:13.3f}s{many / few:8.1f}")


if __name__ == "__main__":
    main()
