"""What scripts of each shell come to, step by step, and where each number of it stands."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.source import bash, batch, powershell
from opskit.source.shell_steps import HERE, MOST
from opskit.source.traced import made, read_traced

FUNCTION = 'start() {\n  local dir="$1"; local port=$2\n  cd "$dir" && uvicorn app:app --port $port &\n}\nstart auth 8001\nstart shop 8002\n'
TABLE = "$all = @(\n  @{ Name = 'auth'; Port = 8001 },\n  @{ Name = \"shop\"; Port = 8002 }\n)\nforeach ($s in $all) {\n"
CASES = {
    "bash: a function with parameters": (bash, FUNCTION, ["auth:8001", "shop:8002"]),
    "bash: a loop over numbers": (bash, "for p in 8001 8002; do\n  python auth.py --port $p &\ndone\n", ["auth:8001", "auth:8002"]),
    "bash: a loop on one line": (bash, "for p in 8001 8002; do python auth.py --port $p & done\n", ["auth:8001", "auth:8002"]),
    "bash: a loop over an array of pairs": (bash, 'ALL=(\n  "auth:8001"  # first\n  "shop:8002"\n)\nfor s in "${ALL[@]}"; do\n  IFS=":" read -r n p <<< "$s"\n  python $n.py --port $p\ndone\n', ["auth:8001", "shop:8002"]),
    "bash: what is cut off": (bash, 'for s in auth:8001 shop:8002; do\n  python ${s%%:*}.py --port ${s##*:}\ndone\n', ["auth:8001", "shop:8002"]),
    "bash: what cut(1) cuts off": (bash, 'for s in auth:8001; do\n  python $(echo $s | cut -d: -f1).py --port $(echo "$s" | cut -d\':\' -f2)\ndone\n', ["auth:8001"]),
    "bash: keys of an array": (bash, 'declare -A P=([auth]=8001 [shop]=8002)\nfor n in "${!P[@]}"; do\n  python $n.py --port ${P[$n]}\ndone\n', ["auth:8001", "shop:8002"]),
    "bash: arguments in an array": (bash, 'args=(auth.py --port "8001")\npython "${args[@]}"\n', ["auth:8001"]),
    "bash: a function that nobody calls": (bash, "start_auth() {\n  python auth.py --port 8001\n}\n", ["auth:8001"]),
    "bash: a variable of its own default": (bash, 'PORT="${PORT:-8001}"\npython auth.py --port "$PORT"\n', ["auth:8001"]),
    "batch: a variable": (batch, 'set PORT=8001\r\nset "NAME=auth"\r\npython %NAME%.py --port !PORT!\r\n', ["auth:8001"]),
    "batch: a loop": (batch, "for %%p in (8001 8002) do start python auth.py --port %%p\r\n", ["auth:8001", "auth:8002"]),
    "batch: a loop of several lines": (batch, "for %%p in (8001, 8002) do (\r\n  echo %%p\r\n  python auth.py --port %%p\r\n)\r\n", ["auth:8001", "auth:8002"]),
    "batch: a label that is called": (batch, "call :run auth 8001\r\ncall :run shop 8002\r\nexit /b\r\n:run\r\npython %~1.py --port %2\r\ngoto :eof\r\n", ["auth:8001", "shop:8002"]),
    "PowerShell: a table looped over": (powershell, TABLE + '  python "$($s.Name).py" --port $s.Port\n}\n', ["auth:8001", "shop:8002"]),
    "PowerShell: Start-Process in a loop": (powershell, TABLE + '  Start-Process python -ArgumentList "$($s.Name).py", "--port", $s.Port -WindowStyle Hidden\n}\n', ["auth:8001", "shop:8002"]),
    "PowerShell: a pipe": (powershell, TABLE.split("foreach")[0] + "$all | ForEach-Object { python \"$($_.Name).py\" --port $_.Port }\n", ["auth:8001", "shop:8002"]),
    "PowerShell: a table of tables": (powershell, "$p = @{ auth = 8001; shop = 8002 }\nforeach ($n in $p.Keys) { python \"$n.py\" --port $p[$n] }\n", ["auth:8001", "shop:8002"]),
    "PowerShell: a function with named parameters": (powershell, "function Run {\n param([string]$Name, [int]$Port)\n python \"$Name.py\" --port $Port\n}\nRun -Name auth -Port 8001\nRun shop 8002\n", ["auth:8001", "shop:8002"]),
    "PowerShell: a parameter's default": (powershell, "param([int]$Port = 8001, [string]$Name = 'auth')\npython \"$Name.py\" --port $Port\n", ["auth:8001"]),
    "PowerShell: a job": (powershell, "Start-Job -ScriptBlock { param($n, $p) python \"$n.py\" --port $p } -ArgumentList 'auth', 8001\n", ["auth:8001"]),
    "PowerShell: another PowerShell": (powershell, "Start-Process powershell -ArgumentList '-NoExit', '-Command', \"cd x; python auth.py --port 8001\"\n", ["auth:8001"]),
    "PowerShell: options after the program": (powershell, "$p = Start-Process -FilePath 'python' -PassThru -ArgumentList @('auth.py', '--port 8001')\n", ["auth:8001"]),
}


def told(steps):
    found = (re.search(r"(\w+)(?:\.py\"?| && uvicorn app:app)[ \"]* --port[ \"]*(?:\$\{\w+:-)?(\d+)", s.text.text) for s in steps if "--port" in s.text.text)
    return [f"{m[1]}:{m[2]}" for m in found if m and m[0]]


@pytest.mark.parametrize(("shell", "text", "wanted"), CASES.values(), ids=CASES)
def test_what_a_script_starts(shell, text, wanted):
    if "uvicorn" in text:
        text = text.replace('cd "$dir" && uvicorn app:app', "python $dir.py")
    assert told(shell.steps(text.encode())) == wanted


@pytest.mark.parametrize(("shell", "text", "wanted"), CASES.values(), ids=CASES)
def test_a_number_stands_where_the_file_says_it(shell, text, wanted):
    data = text.encode()
    for step in shell.steps(data):
        for number in re.finditer(r"800\d", step.text.text):
            start, end = step.text.span(*number.span())
            assert data[start:end].decode() == number[0]


@pytest.mark.parametrize(("text", "folder"), [
    ('ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"\ncd "$ROOT/api"\n', f"{HERE}/../api"),
    ('cd "$(dirname "$0")"\n', HERE),
    ('D="${D:-$(cd "$(dirname "$0")" && pwd)}"\nA="$D/api"\ncd "$A"\n', f"{HERE}/api"),
])
def test_the_folder_of_a_bash_script(text, folder):
    assert [s.text.text for s in bash.steps(text.encode())][-1] == f'cd "{folder}"'


@pytest.mark.parametrize(("text", "folder"), [
    ('$api = Join-Path $PSScriptRoot "api"\nSet-Location $api\n', f"{HERE}/api"),
    ('$root = Split-Path -Parent $MyInvocation.MyCommand.Path\ncd "$root\\api"\n', f"{HERE}\\api"),
    ('$root = Split-Path -Parent $PSScriptRoot\nPush-Location (Join-Path $root api)\n', f"{HERE}/../api"),
])
def test_the_folder_of_a_powershell_script(text, folder):
    assert [s.text.text for s in powershell.steps(text.encode())][-1] == f'cd "{folder}"'


def test_where_start_process_works():
    steps = list(powershell.steps(b"Start-Process uvicorn -ArgumentList 'a:app' -WorkingDirectory 'services/echo' -NoNewWindow\n"))
    assert [(s.kind, s.text.text) for s in steps] == [("open", "services/echo"), ("line", "uvicorn a:app"), ("close", "")]


def test_each_line_of_a_makefile_is_a_shell_of_its_own():
    steps = list(bash.steps(b"PORT ?= 8001\nauth:\n\tcd auth\n\tpython auth.py --port $(PORT)\n", make=True))
    assert told(steps) == ["auth:8001"] and [s.kind for s in steps if s.text.text.strip() or s.kind != "line"][2:5] == ["open", "line", "close"]


@pytest.mark.parametrize("shell", [bash, batch, powershell], ids=["bash", "batch", "powershell"])
@given(text=st.text(alphabet="abfor$%@{}()[]\"'`;|&\n\t =:-<>#!*,.0f1x\\é", max_size=120))
def test_no_text_breaks_a_reader(shell, text):
    assert len(list(shell.steps(text.encode()))) <= MOST


@pytest.mark.parametrize("text", ["f() {\n f\n f\n}\nf\n", "for a in 1 2 3 4 5 6 7 8 9; do\n" * 9])
def test_what_calls_itself_ends(text):
    assert len(list(bash.steps(text.encode()))) <= MOST


@given(st.text(max_size=20), st.binary(max_size=8))
def test_traced_text_knows_its_bytes(text, bad):
    data = text.encode() + bad
    traced = read_traced(data)
    assert len(traced.text) == len(traced.origins)
    for at, sign in enumerate(traced.text):
        if sign != "\ufffd":
            start, end = traced.span(at, at + 1)[0], traced.origins[at] + len(sign.encode())
            assert data[start:end].decode() == sign


def test_what_stands_nowhere_has_no_place():
    assert (read_traced(b"80") + made("01")).span(0, 4) is None and read_traced(b"x80", 1).span(0, 2) == (1, 3)


@pytest.mark.parametrize("text", ['more() {\n  ALL="$ALL $1 $ALL"\n}\n' + "more x\n" * 60, 'ALL="x"\n' + 'ALL="$ALL$ALL"\n' * 60], ids=["in a function", "line by line"])
def test_a_variable_made_of_itself_stays_readable(text):
    assert all(len(step.text.text) < 100_000 for step in bash.steps((text + 'echo "$ALL"\n').encode()))
