"""`helm install` and `helm upgrade` on the lines of scripts, Makefiles, workflows and instructions (helm.sh/docs/helm/helm_upgrade),
and Tilt's `helm(...)` (docs.tilt.dev/api: helm). A release's name in instructions is the reader's to choose: ""."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from opskit.core.tree import Tree

WRITTEN = (".sh", ".bash", ".bat", ".cmd", ".ps1", "makefile", ".mk", "justfile", "jenkinsfile", ".yml", ".yaml", ".md", "package.json")
CALL = re.compile(rb"\bhelm[ \t]+(?:-\S+[ \t]+)*(?:install|upgrade)\b(?P<words>(?:[\\`^][ \t]*\r?\n|[^\n;&|])*)")
TILT = re.compile(rb"(?<![\w.])helm\(\s*(?P<words>[^()]*(?:\([^()]*\)[^()]*)*)\)")
WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s\"'\\`^]+(?:\"[^\"]*\"|'[^']*')?")
FLAGS = frozenset(
    "--install --create-namespace --wait --atomic --debug --dry-run --force --reset-values --reuse-values --cleanup-on-fail -i --devel "
    "--dependency-update --skip-crds --no-hooks --wait-for-jobs --generate-name -g --verify --replace".split()
)
STRING = re.compile(r"[\"']([^\"']*)[\"']")
NAMED = re.compile(r"\b(?P<key>name|values|set)\s*=\s*(?P<value>\[[^\]]*\]|[\"'][^\"']*[\"'])")


@dataclass(frozen=True, slots=True)
class Command:
    """`settings` are the texts of --set with the byte that each starts at."""

    path: str
    name: str
    chart: str
    files: tuple[str, ...]
    settings: tuple[tuple[str, int], ...]


def commanded(tree: Tree) -> Iterator[Command]:
    for path in tree.holding(tree.ending(*WRITTEN), b"helm install", b"helm upgrade", b"helm  upgrade"):
        for match in CALL.finditer(tree.read(path) or b""):
            yield _command(path, match["words"].decode("utf-8", "replace"), match.start("words"))
    for path in tree.holding(tree.ending("tiltfile", ".tiltfile"), b"helm("):
        for match in TILT.finditer(tree.read(path) or b""):
            yield _tilted(path, match["words"].decode("utf-8", "replace"), match.start("words"))


def _command(path: str, text: str, start: int) -> Command:
    plain, files, settings, flag = list[str](), list[str](), list[tuple[str, int]](), ""
    for match in WORD.finditer(text):
        word = match[0].strip("\"'")
        if flag or not word.startswith("-"):
            value, at = word, match.start() + (match[0][:1] in "\"'")
        else:
            flag, _, value = word.partition("=")
            at = match.start() + len(match[0]) - len(match[0].partition("=")[2])
            if not value:
                flag = "" if flag in FLAGS else flag
                continue
        if flag in ("-f", "--values"):
            files += value.split(",")
        elif flag in ("--set", "--set-string"):
            settings.append((value, start + len(text[:at].encode())))
        elif not flag:
            plain.append(value)
        flag = ""
    name, chart = (plain[0], plain[1]) if len(plain) > 1 else ("", plain[0] if plain else "")
    name = "" if "$" in name or "{" in name or path.endswith(".md") else name
    return Command(path, name, chart, tuple(files), tuple(settings))


def _tilted(path: str, text: str, start: int) -> Command:
    chart = STRING.search(text)
    told = {match["key"]: match for match in NAMED.finditer(text)}
    name = STRING.search(told["name"]["value"]) if "name" in told else None
    files = tuple(STRING.findall(told["values"]["value"])) if "values" in told else ()
    given = STRING.finditer(text, *told["set"].span("value")) if "set" in told else ()
    settings = tuple((m[1], start + len(text[: m.start(1)].encode())) for m in given)
    return Command(path, name[1] if name else "", chart[1] if chart else "", files, settings)
