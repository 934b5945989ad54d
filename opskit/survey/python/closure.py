"""Which of the platform's own files starting a Python file loads, and which third-party modules they want."""

from dataclasses import dataclass
from posixpath import dirname

from opskit.survey.facts import Import
from opskit.survey.python.dangers import file_dangers
from opskit.survey.python.faults import faults_of_file
from opskit.survey.python.imports import Wanted, own_files, search_paths, third_party, wanted
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module
from opskit.survey.python.routes import file_routes


@dataclass(frozen=True, slots=True)
class Closure:
    """`files`: the entry first, then in the order they are met. `imports`: sorted by place."""

    files: tuple[str, ...]
    imports: tuple[Import, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one file tells of loading it."""

    wanted: tuple[Wanted, ...]
    search_paths: tuple[str, ...]


def told_by(index: Index, module: Module) -> Told:
    return Told(wanted(index, module), search_paths(index, module))


def closure_of(index: Index, entry: str, cwd: str = ".") -> Closure:
    """`cwd` is where `python -m` and ASGI servers import from."""
    extra: tuple[str, ...] = (dirname(entry), "" if cwd in (".", "") else cwd)
    files = dict.fromkeys((entry,))
    imports: dict[tuple[str, str], Import] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop(0)
        told = index.kept(path, told_by)
        _ask(index, path, cwd)
        extra = tuple(dict.fromkeys((*extra, *told.search_paths)))
        for want in told.wanted:
            for found in third_party(index, path, want, extra):
                kept = imports.get((path, found.dotted))
                if kept is None or (kept.optional and not found.optional):
                    imports[path, found.dotted] = found
            fresh = [f for f in own_files(index, want, path, extra) if f not in files and not want.typing_only]
            files.update(dict.fromkeys(fresh))
            waiting.extend(fresh)
    return Closure(tuple(files), tuple(sorted(imports.values(), key=lambda i: (i.place, i.dotted))))


def _ask(index: Index, path: str, cwd: str) -> None:
    """What will be asked of the file soon is worked out now that its tree is at hand."""
    index.kept(path, file_routes)
    index.kept(path, faults_of_file)
    tuple(file_dangers(index, path, cwd))
