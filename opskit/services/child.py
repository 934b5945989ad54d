"""One service's processes: started in a session of their own, found again wherever they hide, ended to the last."""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opskit.services import kernel
from opskit.services.spec import ServiceSpec


@dataclass(slots=True)
class Child:
    """A started service. `leader` is its first process and the id of its session; `output` the pipe that all of them write to."""

    mark: str
    leader: int
    output: int
    leaders: set[int]
    leader_alive: bool = True

    def family(self) -> list[int]:
        """Every living process of the service: the leader, its descendants, and of the orphans that fell to us
        those of its session or with its mark."""
        found = [self.leader, *kernel.descendants(self.leader)] if self.leader_alive else list[int]()
        for pid in kernel.children(os.getpid()):
            if pid not in self.leaders and (_session(pid) == self.leader or kernel.marker(pid) == self.mark):
                found += [pid, *kernel.descendants(pid)]
        return [pid for pid in dict.fromkeys(found) if not kernel.is_zombie(pid)]


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def spawn(spec: ServiceSpec, environ: Mapping[str, str], mark: str, leaders: set[int]) -> Child:
    """Start it and add it to `leaders`: own session, stdin empty, both outputs in one pipe, killed with this process.
    Raises OSError where it cannot start.

    This process must have one thread: the kernel ties a child's end to the thread that forked it (prctl(2)).
    """
    reading, writing = os.pipe()
    mine = os.getpid()

    def tie() -> None:
        kernel.die_with(mine, signal.SIGKILL)

    try:
        process = subprocess.Popen(
            spec.command, cwd=spec.cwd, env={**environ, kernel.MARKER: mark}, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing,
            start_new_session=True, preexec_fn=tie, **_as_user(spec))  # noqa: PLW1509 (one thread, see above)
    except (OSError, subprocess.SubprocessError) as error:
        os.close(reading)
        raise error if isinstance(error, OSError) else OSError(str(error)) from error
    finally:
        os.close(writing)
    process.returncode = 0  # its end is seen by kernel.reap; Popen must not wait for it a second time
    os.set_blocking(reading, False)
    leaders.add(process.pid)
    return Child(mark, process.pid, reading, leaders)


def _as_user(spec: ServiceSpec) -> dict[str, Any]:
    if spec.user is None or os.getuid() != 0:
        return {}
    return {"user": spec.user, "group": spec.group, "extra_groups": []}
