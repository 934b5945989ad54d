"""The guardian: the smallest process that can watch the supervisor, so that killing either leaves nothing behind.

    guardian (adopts orphans, only waits)  ->  supervisor (adopts orphans, dies with the guardian)  ->  services (die with it)

Killed supervisor: its services are killed by the kernel (PR_SET_PDEATHSIG), their orphans fall to the guardian, which kills
them. Killed guardian: the supervisor gets SIGTERM and stops everything. It forks before asyncio is imported, and stays small.
"""

import os
import signal
import sys
from types import FrameType

from opskit.services import kernel


def main(mark: str) -> None:
    """Fork the supervisor, pass signals on to it, and outlive it until its last descendant is gone.

    `mark` begins the mark of every process to come: where orphans are not adopted they are found by it.
    """
    kernel.adopt_orphans()
    kernel.prepare()
    guardian = os.getpid()
    early = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
    signal.pthread_sigmask(signal.SIG_BLOCK, early)
    supervisor = os.fork()
    if supervisor == 0:
        kernel.die_with(guardian, signal.SIGTERM)
        os._exit(_supervise(guardian, early))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def forward(number: int, frame: FrameType | None) -> None:
        kernel.send([supervisor], number)

    for each in early:
        signal.signal(each, forward)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, early)
    code = _wait_for(supervisor)
    kernel.kill_all_descendants()
    if not kernel.LINUX:
        kernel.send(kernel.marked(mark), signal.SIGKILL)
    os._exit(code if code >= 0 else 1)


def _wait_for(supervisor: int) -> int:
    """Reap adopted orphans until the supervisor itself ends; an unknown pid's end means nothing."""
    while True:
        try:
            pid, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return 1
        if pid == supervisor:
            return os.waitstatus_to_exitcode(status)


def _supervise(guardian: int, blocked: list[signal.Signals]) -> int:
    try:
        from opskit.services.supervisor import supervise

        return supervise(sys.stdin.buffer.read(), guardian, blocked)
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        return 1
