import subprocess
import sys

import pytest

from opskit.core.errors import OpskitError
from opskit.core.lock import lock

HOLD = "import sys, time; from pathlib import Path; from opskit.core.lock import lock\nwith lock(Path(sys.argv[1]), 'opskit fix'): print('held', flush=True); time.sleep(60)"


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_command_is_told_who_holds_it(holder, tmp_path):
    with pytest.raises(OpskitError, match=f"`opskit fix`, pid {holder.pid}"), lock(tmp_path, "opskit undo", wait=0.1):
        pass


def test_kill_9_of_the_holder_frees_it(holder, tmp_path):
    holder.kill()
    holder.wait()
    with lock(tmp_path, "opskit undo"):
        assert "opskit undo" in (tmp_path / ".opskit" / "lock.json").read_text()
