"""What makes a Python service unfit to be started unasked, each with its line."""

import ast
from collections.abc import Iterable, Iterator
from posixpath import basename

from opskit.source.python import within
from opskit.survey.facts import Danger
from opskit.survey.python.exposed import SERVING, Exposed
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import name_of
from opskit.survey.python.processes import RUNS, SHELL_TEXT, SHELLS, words_of
from opskit.survey.python.taint import Taint, taint_of

CODE = frozenset({"eval", "exec", "builtins.eval", "builtins.exec"})
TERMINALS = frozenset({"pty.fork", "pty.openpty", "pty.spawn", "os.openpty", "os.forkpty", "ptyprocess.PtyProcess.spawn",
                       "winpty.PtyProcess.spawn",
                       "ptyprocess.PtyProcessUnicode.spawn", "winpty.PTY", "pexpect.spawn", "terminado.TermSocket",
                       "terminado.UniqueTermManager"})
TUNNELS = ("pyngrok.", "ngrok.connect", "ngrok.forward", "flask_ngrok.", "flask_cloudflared.", "pycloudflared.", "localtunnel.")
TUNNEL_PROGRAMS = frozenset({"ngrok", "cloudflared", "lt", "localtunnel", "bore", "zrok", "pagekite", "frpc", "telebit"})
MICROPHONES = frozenset({"sounddevice.rec", "sounddevice.InputStream", "sounddevice.RawInputStream", "sounddevice.Stream",
                         "sounddevice.playrec", "speech_recognition.Microphone", "pvrecorder.PvRecorder"})
CLUES = (b"subprocess", b"system(", b"popen", b"eval(", b"exec(", b"exec_command", b"pty", b"pexpect", b"ngrok", b"cloudflared", b"share=",
         b"terminado", b"send_from_directory", b"SimpleHTTP", b"StaticFiles", b"add_static", b"static_f", b"http.server", b"http-server",
         b"sounddevice", b"pyaudio", b"PyAudio", b"speech_recognition", b"pvrecorder", b"create_subprocess", b"localtunnel")


def dangers_of(index: Index, paths: Iterable[str], cwd: str = ".") -> tuple[Danger, ...]:
    """The dangers of the files that a service loads, sorted by place, one a line and kind."""
    found: dict[tuple[str, int, str], Danger] = {}
    for path in paths:
        for danger in file_dangers(index, path, cwd):
            found.setdefault((path, danger.place.line, danger.kind), danger)
    return tuple(sorted(found.values(), key=lambda d: (d.place, d.kind)))


def file_dangers(index: Index, path: str, cwd: str) -> Iterator[Danger]:
    """One file's dangers where it runs in `cwd`."""
    if any(index.tree.holding((path,), *CLUES)):
        yield from index.kept(path, _of_file)
        if any(index.tree.holding((path,), *SERVING)):
            yield from index.kept(path, Exposed(cwd))


def _of_file(index: Index, module: Module) -> tuple[Danger, ...]:
    return tuple(_dangers(index, module, taint_of(index, module)))


def _dangers(index: Index, module: Module, taint: Taint) -> Iterator[Danger]:
    for call in module.all(ast.Call):
        name = name_of(index, module, call.func)
        if taint.served and (text := _shell(taint, call, name)):
            yield Danger("shell", module.place(call), text)
        if text := _tunnel(index, module, call, name):
            yield Danger("tunnel", module.place(call), text)
        if name in MICROPHONES or (name == "pyaudio.PyAudio().open" and argument(call, -1, "input") is not None):
            yield Danger("microphone", module.place(call), f"{name.replace('()', '')} listens to a microphone")


def _shell(taint: Taint, call: ast.Call, name: str) -> str:
    """How request text becomes a command here, "" where it does not."""
    function = taint.module.function(call)
    first = call.args[0] if call.args else argument(call, 0, "args", "cmd", "command", "argv")
    if name in TERMINALS:
        return f"{name} opens a terminal for whoever connects"
    if name in CODE:
        return f"request text reaches {name}()" if taint.holds(first, function) and not _guarded(taint.module, call, first) else ""
    remote = isinstance(call.func, ast.Attribute) and call.func.attr == "exec_command"
    if name in SHELL_TEXT or remote:
        spoken = "exec_command" if remote else name
        return f"request text reaches {spoken}()" if taint.holds(first, function) and not _guarded(taint.module, call, first) else ""
    if name not in RUNS or first is None:
        return ""
    shell = argument(call, -1, "shell")
    by_shell = isinstance(shell, ast.Constant) and bool(shell.value)
    if _interactive(taint, call, first):
        return f"{name} keeps a shell open that requests write to"
    if not taint.holds(first, function) or _guarded(taint.module, call, first):
        return ""
    return _worded(taint, first, function, by_shell, name)


def _worded(taint: Taint, first: ast.expr, function: ast.AST | None, by_shell: bool, name: str) -> str:
    if by_shell:
        return f"request text reaches {name}(shell=True)"
    words = _list(taint.module, first)
    if words is None:
        return f"request text decides what {name}() runs"
    if words and (taint.holds(words[0], function) or (isinstance(words[0], ast.Starred) and taint.holds(words[0].value, function))):
        return f"request text decides what {name}() runs"
    program = words_of(taint.index, taint.module, first)[:1]
    if program and program[0] is not None and basename(program[0]).lower() in SHELLS:
        return f"request text reaches {program[0]} through {name}()"
    return ""


def _list(module: Module, node: ast.expr) -> list[ast.expr] | None:
    if isinstance(node, ast.List | ast.Tuple):
        return node.elts
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _list(module, node.left)
    if isinstance(node, ast.Name):
        _, bounds = module.lookup(node.id, node)
        lists = [b.node.elts for b in bounds if b.how == "value" and isinstance(b.node, ast.List | ast.Tuple)]
        return lists[0] if lists and len(lists) == len(bounds) else None
    return None


def _interactive(taint: Taint, call: ast.Call, first: ast.expr) -> bool:
    stdin = argument(call, -1, "stdin")
    words = words_of(taint.index, taint.module, first)
    return stdin is not None and isinstance(stdin, ast.Attribute) and stdin.attr == "PIPE" and bool(words) and words[0] is not None \
        and basename(words[0]).lower() in SHELLS and not {"-c", "/c", "-Command"} & set(words)


def _guarded(module: Module, call: ast.Call, first: ast.expr | None) -> bool:
    """`if command not in ALLOWED: return` before it: only listed commands come through."""
    names = {n.id for n in within(first) if isinstance(n, ast.Name)} if first is not None else set()
    function = module.function(call)
    for test in within(function) if function is not None else ():
        if not isinstance(test, ast.If) or not isinstance(test.test, ast.Compare) or not isinstance(test.test.ops[0], ast.NotIn):
            continue
        left, leaves = test.test.left, isinstance(test.body[-1], ast.Return | ast.Raise)
        if leaves and isinstance(left, ast.Name) and left.id in names and test.lineno < call.lineno:
            return True
    return False


def _tunnel(index: Index, module: Module, call: ast.Call, name: str) -> str:
    if name.startswith(TUNNELS) and not name.endswith(("set_auth_token", "kill", "disconnect", "get_tunnels", "PyngrokConfig")):
        return f"{name.replace('()', '')} opens a tunnel from the internet"
    if name.startswith("gradio.") and name.endswith(".launch"):
        share = argument(call, -1, "share")
        return "launch(share=True) opens a tunnel from the internet" if isinstance(share, ast.Constant) and share.value is True else ""
    if name not in RUNS and name not in SHELL_TEXT:
        return ""
    words = words_of(index, module, call.args[0] if call.args else argument(call, -1, "args"))
    told = [basename(w).lower().removesuffix(".exe") for w in words if w is not None]
    starts = told[:1] + (told[1:3] if told[:1] in (["npx"], ["start"], ["sudo"], ["nohup"]) else [])
    program = next((w for w in starts if w in TUNNEL_PROGRAMS), "")
    if program and not {"--version", "version", "config", "-v", "authtoken"} & set(told):
        return f"{program} opens a tunnel from the internet"
    return "ssh -R opens a tunnel from the internet" if told[:1] == ["ssh"] and "-R" in words else ""
