"""The cases in which a line of code runs: for each call of its function and each turn of the loops around it, what its names stand for."""

import ast
from collections.abc import Iterator, Mapping

from opskit.survey.python.cells import Cell, Cells
from opskit.survey.python.handing import called, handed
from opskit.survey.python.index import Index
from opskit.survey.python.module import Function, Module, default_of
from opskit.survey.python.names import name_of

MANY = 80
DEEPEST = 4
Names = Mapping[str, Cell]
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class Cases:
    """One platform's cases, each function's worked out once."""

    def __init__(self, index: Index) -> None:
        self.index, self.cells = index, Cells(index)
        self._called: dict[Function, list[Names]] = {}
        self._taken: set[ast.AST] = set()

    def around(self, module: Module, node: ast.AST, depth: int = 0) -> list[Names]:
        """Never empty: where nothing can be told, one case without names."""
        function, loops, below = module.function(node), list[tuple[ast.AST, ast.AST]](), node
        for above in module.above(node):
            if above is function:
                break
            if isinstance(above, ast.For | ast.AsyncFor) and below is not above.iter:
                loops.append((above.target, above.iter))
            elif isinstance(above, COMPREHENSIONS) and not isinstance(below, ast.comprehension):
                loops += [(g.target, g.iter) for g in reversed(above.generators)]
            below = above
        cases = self._callers(module, function, depth) if function is not None else [{}]
        for target, source in reversed(loops):
            cases = [turn for names in cases for turn in self._turns(module, target, source, names)][:MANY]
        return [chosen for names in cases for chosen in self._chosen(module, function, names)][:MANY]

    def _turns(self, module: Module, target: ast.AST, source: ast.AST, names: Names) -> Iterator[Names]:
        rows = self.elements(Cell(module, source, names))
        yield from ({**names, **self._bind(target, row)} for row in rows) if rows else (names,)

    def _bind(self, target: ast.AST, cell: Cell) -> dict[str, Cell]:
        if isinstance(target, ast.Name):
            return {target.id: cell}
        if not isinstance(target, ast.Tuple | ast.List):
            return {}
        whole = self.cells.settled(cell)
        row = whole.parts or tuple(whole.at(e) for e in getattr(whole.node, "elts", ()))
        return {name: value for each, part in zip(target.elts, row, strict=False) for name, value in self._bind(each, part).items()}

    def _chosen(self, module: Module, function: Function | None, names: Names) -> list[Names]:
        """`service = SERVICES[name]` with a name that only a user knows: any row of the table."""
        for line in function.body if function is not None else ():
            if not (isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name)):
                continue
            value = line.value
            if isinstance(value, ast.Subscript):
                holder, key = value.value, value.slice
            elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "get" and value.args:
                holder, key = value.func.value, value.args[0]
            else:
                continue
            table = self.cells.settled(Cell(module, holder, names))
            if isinstance(table.node, ast.Dict) and self.cells.text(Cell(module, key, names)) is None:
                rows = [row for _, row in self.cells.entries(table)]
                if rows and all(isinstance(self.cells.settled(row).node, ast.Dict | ast.Tuple | ast.List) for row in rows):
                    return [{**names, line.targets[0].id: row} for row in rows]
        return [names]

    def elements(self, cell: Cell) -> list[Cell]:
        """What a loop over the expression takes in turn: of lists with what is appended to them, dicts, `items`, `zip`, `enumerate`."""
        if cell.node in self._taken:
            return []
        self._taken.add(cell.node)
        try:
            return self._elements(cell)
        finally:
            self._taken.discard(cell.node)

    def _elements(self, cell: Cell) -> list[Cell]:
        if isinstance(cell.node, ast.Call) and (paired := self._paired(cell, cell.node)):
            return paired
        whole = self.cells.settled(cell)
        if whole.parts:
            return list(whole.parts)
        if isinstance(whole.node, ast.List | ast.Tuple | ast.Set):
            added = self._added(whole) if isinstance(whole.node, ast.List) else []
            return [row for e in whole.node.elts for row in self._spread(whole.at(e))] + added
        if isinstance(whole.node, ast.Dict):
            return [whole.at(key) for key in whole.node.keys if key is not None]
        return []

    def _spread(self, cell: Cell) -> list[Cell]:
        return self.elements(cell.at(cell.node.value)) if isinstance(cell.node, ast.Starred) else [cell]

    def _added(self, whole: Cell) -> list[Cell]:
        """What `name.append(...)`, `name.extend([...])` and `name += [...]` add to the list that the name holds."""
        name = next((t.id for above in list(whole.module.above(whole.node))[:1] if isinstance(above, ast.Assign | ast.AnnAssign)
                     for t in (above.targets if isinstance(above, ast.Assign) else [above.target]) if isinstance(t, ast.Name)), "")
        function, found = whole.module.function(whole.node), list[Cell]()
        for call in whole.module.all(ast.Call) if name else ():
            held = call.func.value if isinstance(call.func, ast.Attribute) else None
            if not (isinstance(held, ast.Name) and held.id == name and call.args and whole.module.function(call) is function):
                continue
            assert isinstance(call.func, ast.Attribute)
            if call.func.attr == "append":
                found.append(whole.at(call.args[0]))
            elif call.func.attr == "extend":
                found += self.elements(whole.at(call.args[0]))
        for line in whole.module.all(ast.AugAssign) if name else ():
            if isinstance(line.target, ast.Name) and line.target.id == name and whole.module.function(line) is function:
                found += self.elements(whole.at(line.value))
        return found

    def _paired(self, cell: Cell, call: ast.Call) -> list[Cell]:
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("items", "values", "keys") and not call.args:
            table = self.cells.settled(cell.at(call.func.value))
            pairs = [(key, value) for key, value in zip(table.node.keys, table.node.values, strict=True) if key is not None] \
                if isinstance(table.node, ast.Dict) else []
            parts = [(table.at(key), table.at(value)) for key, value in pairs]
            one = {"keys": 0, "values": 1}.get(call.func.attr)
            return [Cell(table.module, table.node, {}, pair) if one is None else pair[one] for pair in parts]
        name = name_of(self.index, cell.module, call.func)
        if name == "enumerate" and call.args:
            first = self.cells.text(cell.at(call.args[1])) if len(call.args) > 1 else None
            start = int(first.text) if first and first.text.isdigit() else 0
            rows = self.elements(cell.at(call.args[0]))
            return [Cell(cell.module, call, {}, (cell.at(ast.Constant(start + i)), row)) for i, row in enumerate(rows)]
        if name == "zip":
            columns = [self.elements(cell.at(a)) for a in call.args]
            return [Cell(cell.module, call, {}, row) for row in zip(*columns, strict=False)]
        return []

    def _callers(self, module: Module, function: Function, depth: int) -> list[Names]:
        if function not in self._called:
            self._called[function] = [self._given(module, function, [], [], {})]  # what calls itself has this one
            found = [self._given(module, function, positional, named, names)
                     for call, positional, named in _calls(module, function) if depth < DEEPEST
                     for names in self.around(module, call, depth + 1)]
            self._called[function] = found[:MANY] or self._called[function]
        return self._called[function]

    def _given(self, module: Module, function: Function, positional: list[ast.expr], named: list[ast.keyword], names: Names) -> Names:
        every = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        order = every[1:] if every[:1] in (["self"], ["cls"]) else every
        whole = (*every, *(k.arg for k in function.args.kwonlyargs))
        found = {a: Cell(module, default) for a in whole if (default := default_of(function, a)) is not None}
        row = [c for p in positional for c in self._spread(Cell(module, p, names))]
        found.update(zip(order, row, strict=False))
        for keyword in named:
            if keyword.arg:
                found[keyword.arg] = Cell(module, keyword.value, names)
            else:
                found.update({key.text: value for key, value in self.cells.entries(self.cells.settled(Cell(module, keyword.value, names)))})
        return found


def _calls(module: Module, function: Function) -> Iterator[tuple[ast.Call, list[ast.expr], list[ast.keyword]]]:
    """Calls of a function, and those that hand it to a thread, a process or a pool with its arguments."""
    for node in (*module.all(ast.Name), *module.all(ast.Attribute)):
        if called(node) != function.name:
            continue
        above = module.source.parents.get(node)
        call = module.source.parents.get(above) if isinstance(above, ast.keyword) and above.arg == "target" else above
        if not isinstance(call, ast.Call):
            continue
        if call.func is node:
            yield call, call.args, call.keywords
        elif isinstance(above, ast.keyword):
            yield (call, *handed(call))
        elif node in call.args:
            yield call, call.args[call.args.index(node) + 1 :], call.keywords
