"""A settled plan as a unified diff, or as one line a file. A secret file's content is never shown."""

import difflib
from collections import Counter

from opskit.core.change import Call
from opskit.core.settle import Rewrite, Settled
from opskit.source.dotenv import is_values_file


def plan_lines(plan: Settled) -> list[str]:
    """`+ create`, `~ change`, `- remove` a file; `> call`; `! fell out`."""
    edits = Counter(getattr(c, "path", "") for c in plan.changes)
    why = {c.path: c.why for c in plan.changes if not isinstance(c, Call)}
    lines = []
    for rewrite in plan.rewrites:
        if rewrite.before is None:
            lines.append(f"+ {rewrite.path}  {why.get(rewrite.path, '')}")
        elif rewrite.after is None:
            lines.append(f"- {rewrite.path}  {why.get(rewrite.path, '')}")
        else:
            count = edits[rewrite.path]
            told = why.get(rewrite.path, "") if count == 1 else f"{count} edits, the last: {why.get(rewrite.path, '')}"
            lines.append(f"~ {rewrite.path}  {told}")
    lines += [f"> {call.system}: {call.why}" for call in plan.calls]
    return lines + _dropped(plan)


def diff_lines(plan: Settled) -> list[str]:
    lines = [line for rewrite in plan.rewrites for line in _diff(rewrite)]
    lines += [f"> {call.system}: {call.why}" for call in plan.calls]
    return lines + _dropped(plan)


def _dropped(plan: Settled) -> list[str]:
    return [f"! not changed: {getattr(d.change, 'path', '')}: {d.reason}" for d in plan.dropped]


def _diff(rewrite: Rewrite) -> list[str]:
    if rewrite.secret or is_values_file(rewrite.path):
        return [f"{'+' if rewrite.before is None else '~'} {rewrite.path}  (holds secrets: not shown)"]
    old = (rewrite.before or b"").decode("utf-8", "replace").splitlines()
    new = (rewrite.after or b"").decode("utf-8", "replace").splitlines()
    a = f"a/{rewrite.path}" if rewrite.before is not None else "/dev/null"
    b = f"b/{rewrite.path}" if rewrite.after is not None else "/dev/null"
    return list(difflib.unified_diff(old, new, a, b, lineterm="", n=2))
