"""Command lines that Python code starts: which calls run programs, and the words that can be told of theirs."""

import ast
import shlex

from opskit.survey.python.index import Index
from opskit.survey.python.literals import items
from opskit.survey.python.module import Module
from opskit.survey.python.names import name_of
from opskit.survey.python.values import Evaluation

RUNS = frozenset({*(f"subprocess.{name}" for name in ("run", "Popen", "call", "check_call", "check_output")),
                  "asyncio.create_subprocess_exec", "asyncio.subprocess.create_subprocess_exec", "os.execv", "os.execvp", "os.execl",
                  "os.execlp",
                  "os.spawnv", "os.spawnvp", "os.startfile"})
SHELL_TEXT = frozenset({"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell",
                        "asyncio.subprocess.create_subprocess_shell", "subprocess.os.system"})
SHELLS = frozenset({"sh", "bash", "zsh", "dash", "/bin/sh", "/bin/bash", "cmd", "cmd.exe", "powershell", "powershell.exe", "pwsh",
                    "python", "python3",
                    "node", "wsl", "wsl.exe"})


def words_of(index: Index, module: Module, node: ast.AST | None) -> list[str | None]:
    """The words of a command, None where one cannot be told; a string is split as a shell would."""
    evaluate = Evaluation(index, module)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.List):
        node = node.left
    elements = items(evaluate, node)
    if elements:
        known = [evaluate(e) for e in elements]
        return [_python(index, module, e) or (k.text if k is not None and k.text else None) for e, k in zip(elements, known, strict=True)]
    if isinstance(node, ast.JoinedStr):
        parts = [v.value if isinstance(v, ast.Constant) else "\0" for v in node.values]
        return [None if "\0" in word else word for word in _split("".join(map(str, parts)))]
    text = evaluate(node)
    return list(_split(text.text)) if text is not None and text.text else []


def _python(index: Index, module: Module, node: ast.AST) -> str:
    return "python" if name_of(index, module, node) == "sys.executable" else ""


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
