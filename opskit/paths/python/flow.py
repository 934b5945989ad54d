"""Where the text of a path goes under its name: compared, sliced or split it must stay as it is spelled. One step, within one file: to a
name that is given it, or to the parameter of a function that is called with it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from opskit.paths.python.callee import COMPARES, EXPRESSIONS, JOINS, OPENS, PATHS, Callees
from opskit.paths.python.context import SENSITIVE
from opskit.source.python import PythonSource

FILE_KEYWORDS = frozenset("path filename file filepath file_path output save_path cwd dir directory folder fp fname".split())
FILE_CALLS = frozenset("chdir makedirs mkdir listdir load_dotenv read_csv read_excel read_json to_csv to_excel to_json imread imwrite "
                       "savefig screenshot save_screenshot save load rmtree copy copyfile move".split())
TWO_FILES = frozenset(f"shutil.{name}" for name in ("copy", "copy2", "copyfile", "copytree", "move")) | {"os.rename", "os.replace"}
ENDINGS = frozenset(("endswith", "removesuffix", "rsplit", "rpartition", "replace", "rstrip"))


class Flows:
    """The uses of every name of one file, whatever scope: too many rather than too few."""

    def __init__(self, source: PythonSource, callees: Callees) -> None:
        self.source, self.parents, self.callees = source, source.parents, callees

    @cached_property
    def _uses(self) -> dict[str, list[ast.AST]]:
        """By name; an attribute's under its name with a dot before it."""
        found = defaultdict[str, list[ast.AST]](list)
        for node in self.source.nodes:
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                found[_name(node)].append(node)
        return found

    def targets(self, region: ast.AST) -> Iterator[str]:
        """Names that the value of an assignment, of a default or of a list in one gets; what a class holds is read as its attribute too."""
        for name in self._targets(region):
            yield name
            if self._in_class(region):
                yield f".{name}"

    def _in_class(self, region: ast.AST) -> bool:
        above: ast.AST | None = region
        while above is not None and not isinstance(above, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            above = self.parents.get(above)
        return isinstance(above, ast.ClassDef)

    def _targets(self, region: ast.AST) -> Iterator[str]:
        child, parent = region, self.parents[region]
        while isinstance(parent, ast.IfExp | ast.List | ast.Tuple | ast.NamedExpr):
            if isinstance(parent, ast.NamedExpr) and isinstance(parent.target, ast.Name):
                yield parent.target.id
            child, parent = parent, self.parents[parent]
        if isinstance(parent, ast.Assign):
            yield from (_name(target) for target in parent.targets)
        elif isinstance(parent, ast.AnnAssign):
            yield _name(parent.target)
        elif isinstance(parent, ast.arguments) and child in parent.defaults:
            given = [*parent.posonlyargs, *parent.args]
            yield given[len(given) - len(parent.defaults) + parent.defaults.index(child)].arg
        elif isinstance(parent, ast.For) and isinstance(parent.target, ast.Name):
            yield parent.target.id

    def sensitive(self, region: ast.AST) -> str:
        """Why the text must stay as it is; "" where nothing reads it as text."""
        for name in self.targets(region):
            for use in self._uses_of(name, region):
                if how := self._reads_text(use):
                    return f"`{name.lstrip('.')}` is {how} at line {use.lineno}"  # type: ignore[attr-defined]
        return self._handed(region)

    @cached_property
    def _functions(self) -> dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]]:
        """By name; a class's `__init__` under the name of the class."""
        found = defaultdict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]](list)
        for node in self.source.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                above = self.parents[node]
                found[above.name if node.name == "__init__" and isinstance(above, ast.ClassDef) else node.name].append(node)
        return found

    def _handed(self, region: ast.AST) -> str:
        """Why a function of this file that is called with it needs the text; "" where none does."""
        keyword = self.parents[region]
        call = self.parents[keyword] if isinstance(keyword, ast.keyword) else keyword
        if not isinstance(call, ast.Call) or call.func is region:
            return ""
        for function in self._functions.get(_name(call.func).lstrip("."), ()):
            name = _parameter(function, call, keyword if isinstance(keyword, ast.keyword) else region)
            for use in self._uses.get(name, ()):
                if self._within(use, function) and (how := self._reads_text(use)):
                    return f"{function.name}() takes it as `{name}`, {how} at line {use.lineno}"  # type: ignore[attr-defined]
        return ""

    def opened(self, region: ast.AST) -> bool:
        """Whether a name that holds it is handed to what opens or joins files."""
        return any(self._is_file_use(use) for use in (region, *self.named(region)))

    def named(self, region: ast.AST) -> Iterator[ast.AST]:
        """Where the names that hold it are used."""
        return (use for name in self.targets(region) for use in self._uses_of(name, region))

    def _uses_of(self, name: str, region: ast.AST) -> Iterator[ast.AST]:
        """A local name's uses in its own function; any other name's in the whole file."""
        function = self._function(region)
        for use in self._uses.get(name, ()):
            if isinstance(use, ast.Attribute) or function is None or self._within(use, function):
                yield use

    def _function(self, node: ast.AST) -> ast.AST | None:
        """The function that an assignment's name is local to; None for the module's, a class's and those declared global."""
        while (above := self.parents.get(node)) is not None and not isinstance(node, ast.ClassDef):
            if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
                return None if above in self._declaring else above
            node = above
        return None

    @cached_property
    def _declaring(self) -> set[ast.AST]:
        """Functions in which a name is declared global or nonlocal, in them or in one of theirs."""
        found, waiting = set[ast.AST](), list[ast.AST](n for n in self.source.nodes if isinstance(n, ast.Global | ast.Nonlocal))
        while waiting:
            above = self.parents.get(waiting.pop())
            if above is not None and above not in found:
                found.add(above)
                waiting.append(above)
        return found

    def _within(self, node: ast.AST, function: ast.AST) -> bool:
        above: ast.AST | None = node
        while above is not None and above is not function:
            above = self.parents.get(above)
        return above is function

    def _is_file_use(self, use: ast.AST) -> bool:
        call = self.parents.get(use)
        if isinstance(call, ast.keyword):
            return call.arg in FILE_KEYWORDS
        if not isinstance(call, ast.Call):
            return False
        name = self.callees.dotted(call.func)
        if name in TWO_FILES and call.args[1:2] == [use]:
            return True
        return call.args[:1] == [use] and (name in OPENS | JOINS | PATHS or name.rpartition(".")[2] in FILE_CALLS)

    def _reads_text(self, use: ast.AST) -> str:
        parent = self.parents.get(use)
        match parent:
            case ast.Compare(comparators=[others]) if self.callees.dotted(others) == "sys.path":
                return ""
            case ast.Compare(ops=ops, comparators=others, left=first):
                several = [first, *others]
                compared = any(
                    not isinstance(op, ast.Is | ast.IsNot) and not _is_plain(several[i + 1] if several[i] is use else several[i])
                    for i, op in enumerate(ops) if use in (several[i], several[i + 1])
                )
                return "compared as text" if compared else ""
            case ast.Attribute(attr=attr) if attr in SENSITIVE and not (attr in ENDINGS and self._is_ending(parent)):
                return f"taken apart by .{attr}()"
            case ast.Call(func=function) if function is not use:
                name = self.callees.dotted(function)
                if name.startswith(EXPRESSIONS):
                    return f"read by {name}()"
                if name.rpartition(".")[2] in COMPARES and isinstance(function, ast.Attribute):
                    return f"read by .{function.attr}()"
                return ""
            case ast.Subscript(slice=inner) if inner is use:
                return "a key"
            case ast.Subscript(value=value, slice=ast.Slice()) if value is use:
                return "sliced"
            case ast.Dict(keys=keys) if use in keys:
                return "a key"
            case ast.Match(subject=subject) if subject is use:
                return "matched as text"
        return ""

    def _is_ending(self, method: ast.AST) -> bool:
        """`.endswith(".json")`, `.replace(".json", ".csv")`: of a file's name, whatever folder it lies in; `.rstrip("/")` of a folder's."""
        call = self.parents.get(method)
        plain = re.compile(r"[/\\]+" if isinstance(method, ast.Attribute) and method.attr == "rstrip" else r"\.[\w.]*")
        given = call.args[:1] if isinstance(call, ast.Call) and call.func is method else []
        ends = [each for one in given for each in (one.elts if isinstance(one, ast.Tuple) else [one])]
        return bool(ends) and all(isinstance(e, ast.Constant) and plain.fullmatch(str(e.value)) is not None for e in ends)


def _parameter(function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, given: ast.AST) -> str:
    """What the function calls the argument; "" where that is not plain."""
    if isinstance(given, ast.keyword):
        return given.arg or ""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    bound = bool(names) and names[0] in ("self", "cls")
    at = next((n for n, each in enumerate(call.args) if each is given), -1) + bound
    starred = any(isinstance(each, ast.Starred) for each in call.args)
    return names[at] if not starred and bound <= at < len(names) else ""


def _name(target: ast.AST) -> str:
    return target.id if isinstance(target, ast.Name) else f".{target.attr}" if isinstance(target, ast.Attribute) else ""


def _is_plain(node: ast.AST) -> bool:
    """None, a number, an empty text: nothing that a path's spelling matters to."""
    return isinstance(node, ast.Constant) and (not isinstance(node.value, str) or not node.value)
