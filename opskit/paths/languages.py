"""Which language a file is written in, by its name, and whether a program, a setting or a page for people stands in it."""

import posixpath
from functools import lru_cache
from typing import Literal

from opskit.source import javascript

Role = Literal["code", "configuration", "prose"]

SCRIPTS = {
    "python": ("py", "pyw", "pyi"), "javascript": tuple(end[1:] for end in javascript.PLAIN),
    "shell": ("sh", "bash", "zsh", "ksh", "command"), "batch": ("bat", "cmd"),
    "powershell": ("ps1", "psm1", "psd1"), "notebook": ("ipynb",), "html": ("html", "htm", "vue", "svelte"),
    "visual-basic": ("vbs", "bas", "cls"), "autohotkey": ("ahk",), "go": ("go",), "java": ("java", "kt", "scala", "gradle"),
    "csharp": ("cs",), "php": ("php",), "ruby": ("rb",), "rust": ("rs",), "c": ("c", "h", "cpp", "hpp", "cc"), "sql": ("sql",), "r": ("r",),
    "lua": ("lua",), "perl": ("pl", "pm"), "swift": ("swift",), "matlab": ("m",), "julia": ("jl",), "make": ("mk",),
}
SETTINGS = {
    "json": ("json", "jsonc", "json5", "webmanifest", "code-workspace", "jsonl", "ndjson"), "yaml": ("yml", "yaml"), "toml": ("toml",),
    "ini": ("ini", "cfg", "conf", "properties", "editorconfig", "service", "desktop", "url", "reg"),
    "xml": ("xml", "csproj", "config", "plist"),
}
BINARY = frozenset(
    "png jpg jpeg gif webp ico pdf zip gz tgz bz2 xz 7z woff woff2 ttf otf eot mp3 mp4 wav mov avi db sqlite sqlite3 pyc exe dll so o a lib"
    " lock svg map wasm pkl npy npz parquet h5 pt bin class jar css scss less whl".split()
)
_BY_END = {end: name for table in (SCRIPTS, SETTINGS) for name, ends in table.items() for end in ends}
_BY_NAME = {"dockerfile": "dockerfile", "containerfile": "dockerfile", "makefile": "make", "procfile": "shell", "jenkinsfile": "groovy"}


@lru_cache(maxsize=1 << 16)
def language_of(path: str) -> str:
    """"text" for what is not known; "" for what no person wrote by hand: pictures, archives, styles."""
    name = posixpath.basename(path).lower()
    end = name.rpartition(".")[2] if "." in name else ""
    if ".backup" in name or ".bak." in name:
        return "text"
    if name == ".env" or name.startswith(".env.") or end == "env":
        return "dotenv"
    if end in BINARY:
        return ""
    if end in ("yml", "yaml") and name.startswith(("docker-compose", "compose")):
        return "compose"
    return _BY_NAME.get(name.partition(".")[0], "") or _BY_END.get(end, "text")


def role_of(language: str) -> Role:
    if language in ("text", ""):
        return "prose"
    return "configuration" if language in ("dotenv", "compose", *SETTINGS) else "code"


def is_test(path: str) -> bool:
    """Whether a file looks like a test by its name or its folder."""
    folders = path.lower().split("/")
    name = folders.pop()
    return name.startswith(("test_", "conftest.")) or name.rpartition(".")[0].endswith(("_test", ".test", ".spec", "_spec")) or any(
        folder in ("test", "tests", "__tests__", "spec", "specs", "fixtures", "testdata", "testing") for folder in folders)
