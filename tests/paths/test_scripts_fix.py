"""JavaScript, shell, batch and compose rewritten: run for real where the program is here, else read back by their own rules."""

import ntpath
import os
import re
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opskit.paths.facts import How

DATA = {"data/orders.json": "[1, 2]", "data/my file.txt": "kept"}
NODE, BASH = shutil.which("node"), shutil.which("bash")


def run(*command, cwd="/", **environ):
    return subprocess.run(command, cwd=cwd, env={"PATH": os.environ["PATH"], **environ}, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(not NODE, reason="node is not on PATH")
@pytest.mark.parametrize("literal", ["'C:/Users/ana/shop/data/orders.json'", '"C:\\\\Users\\\\ana\\\\shop\\\\data\\\\orders.json"',
                                     "'c:/users/ANA/Shop/data/' + 'orders.json'", "`/home/ana/shop/${'data'}/orders.json`"])
@pytest.mark.parametrize(("head", "file"), [
    ("", "tools/deep/a.js"), ("'use strict';\n", "a.js"), ("#!/usr/bin/env node\n", "a.js"), ("let path = 1;\n", "a.js"),
    ("// why\nconst path = require('path');\n", "tools/a.js"),
])
def test_node_reads_the_repository_s_own_file(platform, literal, head, file):
    text = f"{head}const fs = require('fs');\nprocess.stdout.write(fs.readFileSync({literal}, 'utf8'));\n"
    platform.lay({**DATA, file: text}).mended(review=True)
    done = run(NODE, str(platform.root / file))
    assert done.stdout == "[1, 2]", done.stderr
    assert platform.mended(review=True).files == {}


@pytest.mark.skipif(not NODE, reason="node is not on PATH")
def test_node_takes_the_variable_where_one_is_set(platform, tmp_path):
    (tmp_path / "else/data").mkdir(parents=True)
    (tmp_path / "else/data/orders.json").write_text("moved")
    platform.lay({**DATA, "a.js": "process.stdout.write(require('fs').readFileSync('C:/Users/ana/shop/data/orders.json', 'utf8'))\n"}).mended()
    assert run(NODE, str(platform.root / "a.js"), BASE_DIR=str(tmp_path / "else")).stdout == "moved"


@pytest.mark.parametrize(("file", "text", "reason"), [
    ("a.js", "const a = 'C:/Users/ana/shop/data/orders.json'\n", "nothing shows that Node runs"),
    ("a.js", "const a = require('x')('C:/Users/ana/shop/data/orders.json'\n", "does not parse"),
    ("a.html", "<script>const a = 'C:/Users/ana/shop/data/orders.json'</script>", "a page in a browser"),
    ("a.ps1", "$a = 'C:/Users/ana/shop/data/orders.json'\n", "Join-Path $env:BASE_DIR"),
    ("a.json", '{"a": "C:/Users/ana/shop/data/orders.json"}', "JSON knows no variables"),
    ("a.go", 'var a = "C:/Users/ana/shop/data/orders.json"\n', "go is not rewritten"),
    (".env", "A=C:/Users/ana/shop/data/orders.json\n", "readers of .env differ"),
    ("a.sh", "cat <<END\n/home/ana/shop/data/orders.json\nEND\n", "here-document"),
    ("a.sh", "awk '{print \"/home/ana/shop/data/orders.json\"}' x\n", "between single quotes"),
    ("a.sh", "bash -c 'cat /home/ana/shop/data/orders.json'\n", "between single quotes"),
    ("a.sh", "ssh host \"cat /home/ana/shop/data/orders.json\"\n", "another machine"),
    ("a.bat", "C:\\Users\\ana\\shop\\data\\\"my tools\"\\run\r\n", "in the middle"),
    ("a.bat", "if exist x (\r\n  set X=C:\\Users\\ana\\shop\\data^&more\r\n)\r\n", "inside parentheses"),
    ("a.bat", "for /f %%F in (C:\\Users\\ana\\shop\\data\\orders.json) do echo %%F\r\n", "a `for /f` reads"),
    ("a.bat", "for %%F in (C:\\Users\\ana\\shop\\data a b) do dir %%F\r\n", "an item of a `for`"),
    ("a.bat", "call :go C:\\Users\\ana\\shop\\data\r\nexit /b\r\n:go\r\ncd \"%1\"\r\n", "handed to a label"),
    ("a.sh", "BASE_DIR=/srv\ncat /home/ana/shop/data/orders.json\n", "a meaning of its own"),
    ("a.bat", "set BASE_DIR=%CD%\r\ntype C:\\Users\\ana\\shop\\data\\orders.json\r\n", "a meaning of its own"),
])
def test_what_is_left_has_its_reason(platform, file, text, reason):
    mended = platform.lay({**DATA, file: text}).mended()
    assert mended.files == {} and any(reason in told for told in mended.skipped), mended.skipped


@pytest.mark.skipif(not BASH, reason="bash is not on PATH")
@pytest.mark.parametrize("word", ["/home/ana/shop/data/orders.json", '"/home/ana/shop/data/orders.json"', "'/home/ana/shop/data/orders.json'",
                                  "C:/Users/ana/shop/data/orders.json", '"C:\\\\Users\\\\ana\\\\shop\\\\data\\\\orders.json"',
                                  "/home/ana/shop/data/order*.json"])
@pytest.mark.parametrize(("head", "file"), [("#!/bin/bash\n", "tools/deep/a.sh"), ("", "tools/a.sh"), ("#!/bin/sh\n", "a.sh")])
def test_a_shell_reads_the_repository_s_own_file(platform, word, head, file):
    platform.lay({**DATA, file: f"{head}set -eu\ncat {word}\n", "b.py": "X = '/home/ana/shop/data/orders.json'\n"}).mended()
    done = run(BASH if "bash" in head else "sh", str(platform.root / file))
    assert done.stdout == "[1, 2]", done.stderr
    assert file not in platform.mended().files


@pytest.mark.skipif(not BASH, reason="bash is not on PATH")
def test_a_sourced_script_means_its_own_folder(platform):
    platform.lay({**DATA, "a.sh": "cat /home/ana/shop/data/orders.json\n"}).mended()
    assert run(BASH, "-c", f". {platform.root}/a.sh").stdout == "[1, 2]"


@pytest.mark.skipif(not BASH, reason="bash is not on PATH")
def test_a_shell_s_folder_with_a_space_stays_one_word(platform):
    platform.lay({**DATA, "a.sh": "cat '/home/ana/shop/data/my file.txt'\n"}).mended()
    assert run("sh", str(platform.root / "a.sh")).stdout == "kept"


def batch(text, file, **given):
    """A batch file's lines as cmd would read them: %~dp0 and variables, `if not defined`, for the lines that we write."""
    values = {"~DP0": f"Z:\\here\\{ntpath.dirname(file)}".rstrip("\\") + "\\", **given}
    lines = []
    for line in text.splitlines():
        line = line.replace("%~dp0", values["~DP0"])
        line = re.sub(r"%(\w+)%", lambda m: values.get(m[1], ""), line)
        if setting := re.fullmatch(r'if not defined (\w+) for %%I in \("(.*)"\) do set "\1=%%~fI"', line):
            values.setdefault(setting[1], ntpath.normpath(setting[2]))
        if setting := re.fullmatch(r'if not defined (\w+) set "\1=(.*)"', line):
            values.setdefault(setting[1], setting[2])
        lines.append(line)
    return lines[-1]


@pytest.mark.parametrize(("line", "read"), [
    ("cd /d C:\\Users\\ana\\shop\\data", 'cd /d "Z:\\here\\data"'),
    ('cd "C:\\Users\\ana\\shop"', 'cd "Z:\\here"'),
    ("start C:\\Users\\ana\\shop\\a.html", 'start "" "Z:\\here\\a.html"'),
    ("set X=C:\\Users\\ana\\shop\\data", 'set "X=Z:\\here\\data"'),
    ("if exist x ( set X=C:\\Users\\ana\\shop\\data )", 'if exist x ( set "X=Z:\\here\\data ")'),
    ("(\r\n  set P=%Q%;C:\\Users\\ana\\shop\\bin;C:\\Users\\ana\\shop\\lib", '  set "P=;Z:\\here\\bin;Z:\\here\\lib"'),
    ("if exist x set X=C:\\Users\\ana\\shop\\data& cd %X%", 'if exist x set "X=Z:\\here\\data"& cd '),
    ("for %%F in (C:\\Users\\ana\\shop\\*.csv) do dir", 'for %%F in ("Z:\\here\\*.csv") do dir'),
    ("for /f %%F in ('dir C:\\Users\\ana\\shop') do dir", "for /f %%F in ('dir \"Z:\\here\"') do dir"),
    ('set "X=C:/Users/ana/shop/data"', 'set "X=Z:\\here\\data"'),
    ("copy C:\\Users\\ana\\shop\\*.py c:\\users\\ana\\Desktop\\", 'copy "Z:\\here\\*.py" "Z:\\here\\.opskit\\data\\desktop\\"'),
    ('if "%CD%"=="C:\\Users\\ana\\shop" dir', 'if ""=="Z:\\here" dir'),
    ("cmd /c \"cd C:\\Users\\ana\\shop && dir\"", 'cmd /c "cd Z:\\here && dir"'),
])
@pytest.mark.parametrize("file", ["a.bat", "tools\\deep\\a.bat"])
def test_a_batch_file_means_the_folder_that_it_lies_in(platform, line, read, file):
    path = file.replace("\\", "/")
    platform.lay({**DATA, path: f"@echo off\r\n{line}\r\n", "b.py": "open(r'C:\\Users\\ana\\Desktop\\a\\b')\n"})
    made = platform.mended().files[path]
    seen = re.sub(r"Z:\\here[\w\\.*]*", lambda m: ntpath.normpath(m[0]) + "\\" * (m[0].endswith("\\") and m[0] != "Z:\\here\\"), batch(made, file))
    assert seen == read and made.startswith("@echo off\r\n") and "\n" not in made.replace("\r\n", "")
    assert path not in platform.mended().files


def test_a_batch_file_keeps_the_old_value_when_asked(platform):
    platform.lay({**DATA, "a.bat": "cd C:\\Users\\ana\\shop\\data\r\n"})
    made = platform.mended(How("original")).files["a.bat"]
    assert batch(made, "a.bat") == 'cd "C:\\Users\\ana\\shop\\data"'
    assert "OPS-W001" not in platform.codes() and "OPS-W005" in platform.codes() and platform.mended(How("original")).files == {}


@pytest.mark.parametrize(("file", "here"), [("compose.yml", "."), ("deploy/compose.yml", "..")])
def test_a_compose_file_s_folder_has_a_fallback_beside_it(platform, file, here):
    platform.lay({**DATA, file: "services:\n  web:\n    image: x\n    volumes:\n      - C:\\Users\\ana\\shop\\data:/data\n"})
    assert f"- ${{BASE_DIR:-{here}}}/data:/data\n" in platform.mended().files[file]


TEXT = st.text("abc xyz'\"%$éß-_", max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TEXT, after=TEXT, eol=st.sampled_from(["\n", "\r\n"]), kind=st.sampled_from(["a.sh", "a.bat", "a.js", "compose.yml"]))
def test_nothing_but_the_path_and_one_line_of_head_changes(platform, before, after, eol, kind):
    text = f"first{eol}{before} C:/Users/ana/shop/data {after}{eol}last"
    made = platform.lay({**DATA, kind: text}).mended().files.get(kind, text)
    lines = made.split(eol)
    assert lines[-1] == "last" and (made == text or "BASE_DIR" in lines[-2]) and len(lines) <= 4
    assert made == text or (lines[-2].startswith(before.rstrip() if before.strip() else "") and lines[-2].endswith(after))


@pytest.mark.parametrize("line", ['wsl bash -c "cd /mnt/d/shop && ls"', "wsl.exe ls /mnt/d/shop/data", 'bash -lc "ls && ls /mnt/d/shop/data"'])
def test_a_command_for_wsl_gets_no_folder_of_windows(platform, line):
    platform.lay({"a.py": "X = open('/mnt/d/shop/data/orders.json')\n", "run.bat": f"{line}\r\ncd /d /mnt/d/shop\r\n", **DATA})
    done = platform.mended()
    assert line in done.files["run.bat"] and 'cd /d "%BASE_DIR%"' in done.files["run.bat"] and any("WSL" in reason for reason in done.skipped)


@pytest.mark.parametrize("name", ["a.bat", "a.sh"])
@pytest.mark.parametrize("folder", ["C:/Users/ana/shop/data/é", "C:/Users/josé/shop/data"])
def test_a_script_in_a_code_page_keeps_its_bytes(platform, name, folder):
    platform.lay({"opskit.toml": "version = 1\n", "b.py": "X = open('C:/Users/ana/shop/data/orders.json')\n", name: f"cd {folder}\n".encode("cp1252"), **DATA})
    platform.mended()
    after = (platform.root / name).read_bytes()
    assert b"BASE_DIR" in after and (b"\xe9" in after) == folder.endswith("é") and b"\xc3" not in after
