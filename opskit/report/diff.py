"""A settled plan as a unified diff, or as one line a file. A secret file's content is never shown."""

import difflib
from collections import Counter, defaultdict
from collections.abc import Callable

from rich.cells import cell_len

from opskit.core.settle import Rewrite, Settled
from opskit.report.excerpt import visible
from opskit.report.wrap import wrap
from opskit.source.dotenv import is_values_file

PATH, KINDS = 32, 3


def plan_lines(plan: Settled, redact: Callable[[str], str], width: int) -> list[str]:
    """`+ create`, `~ change`, `- remove` a file, with what for; `> call`; `! fell out`. Wrapped, never cut."""
    whys, counts = defaultdict[str, dict[str, None]](dict), Counter[str]()
    for change in plan.changes:
        whys[getattr(change, "path", "")][change.why] = None
        counts[getattr(change, "path", "")] += 1
    room = min(PATH, max((cell_len(r.path) for r in plan.rewrites), default=0), width // 2)
    lines = []
    for rewrite in plan.rewrites:
        sign = "+" if rewrite.before is None else "-" if rewrite.after is None else "~"
        reasons = list(whys[rewrite.path])
        told = f"{counts[rewrite.path]} edits: " * (counts[rewrite.path] > 1 and sign == "~") + "; ".join(reasons[:KINDS])
        told += f"; {len(reasons) - KINDS} more" * (len(reasons) > KINDS)
        path = visible(rewrite.path)
        path += " " * (room - cell_len(path))
        first, *rest = wrap(redact(visible(told)), width, cell_len(path) + 4, room + 4)
        lines += [f"{sign} {path}  {first}", *rest]
    return lines + [f"> {call.system}: {call.why}" for call in plan.calls] + _dropped(plan)


def diff_lines(plan: Settled) -> list[str]:
    lines = [line for rewrite in plan.rewrites for line in _diff(rewrite)]
    lines += [f"> {call.system}: {call.why}" for call in plan.calls]
    return lines + _dropped(plan)


def _dropped(plan: Settled) -> list[str]:
    return list(dict.fromkeys(f"! not changed: {getattr(d.change, 'path', '')}: {d.reason}" for d in plan.dropped))


def _diff(rewrite: Rewrite) -> list[str]:
    if rewrite.secret or is_values_file(rewrite.path):
        return [f"{'+' if rewrite.before is None else '~'} {rewrite.path}  (holds secrets: not shown)"]
    old = (rewrite.before or b"").decode("utf-8", "replace").splitlines()
    new = (rewrite.after or b"").decode("utf-8", "replace").splitlines()
    a = f"a/{rewrite.path}" if rewrite.before is not None else "/dev/null"
    b = f"b/{rewrite.path}" if rewrite.after is not None else "/dev/null"
    return list(difflib.unified_diff(old, new, a, b, lineterm="", n=2))
