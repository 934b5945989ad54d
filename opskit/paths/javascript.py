"""Paths in JavaScript and TypeScript, also inside pages: each string literal that is one, by how it stands in its expression."""

import re
from typing import Any, TypeAlias

from opskit.paths.facts import Form, Sighting
from opskit.paths.grammar import escaped_away, holds, is_whole, spans
from opskit.paths.lines import read_lines
from opskit.source.javascript import JavaScriptSource

Node: TypeAlias = Any  # tree-sitter's, which only `source` and `survey` import

_LEFT: dict[Form, str] = {
    "message": "a message for people", "comparison": "a comparison: the text itself counts",
    "match": "a case of a switch: the text itself counts",
    "annotation": "a type: the text itself counts", "command": "a command or a module's name, read by somebody else",
    "dict-key": "a key: the text itself counts", "env-fallback": "the environment decides already; this is the fallback",
    "url": "a URL of a file", "comment": "a comment: no program reads it", "text": "not a whole path", "regex": "a pattern",
}
_CALLS: tuple[tuple[re.Pattern[str], Form], ...] = (
    (re.compile(r"^(?:require|import|require\.resolve)$|(?:^|\.)(?:exec|execSync)$"), "command"),
    (re.compile(r"^console\.|\.(?:log|warn|error|info|debug)$|^(?:alert|Error)$"), "message"),
    (re.compile(r"^path\.|(?:^|\.)(?:join|resolve|normalize)$"), "join"),
    (re.compile(r"^fsp?\.|^(?:readFile|writeFile|existsSync|createReadStream|createWriteStream)"), "open"),
    (re.compile(r"^(?:app|\w*router|server|fastify|axios|http|cy|page|api|history|navigate|fetch|redirect)\b(?:\.\w+)?$", re.I), "url"),
    (re.compile(r"\.(?:includes|startsWith|endsWith|indexOf|replace|replaceAll|split|match|test)$"), "comparison"),
)
_SHELLED = re.compile(r"^(?:cd|start|explorer|node|python|cmd|npm|npx|git|del|copy|dir)\b|^@?echo\b", re.I)
RAW = "String.raw"
BROWSER = (".html", ".htm", ".vue", ".svelte", ".jsx", ".tsx")
OUTER = frozenset(("parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression", "ternary_expression"))


def read_javascript_paths(source: JavaScriptSource) -> tuple[Sighting, ...]:
    """Literals and bare mentions, in the file's order; of a file that was not read, the textual matches. Never raises."""
    pages = source.path.lower().endswith(BROWSER[:4])
    language = "html" if pages else "javascript"
    bare = read_lines(source.path, source.data, language)
    if source.root is None:
        return bare
    found, covered = list[Sighting](), list[tuple[int, int]]()
    for node in source.found("string", "template_string"):
        if not holds(source.data[node.start_byte : node.end_byte]) or _inside(covered, node.start_byte):
            continue
        if (one := _literal(source, node)) is not None:
            found.append(one)
            covered.append((node.start_byte, node.end_byte))
    found += [s for s in bare if not _inside(covered, s.place.start)]
    return tuple(sorted(found, key=lambda s: s.place.start))


def _inside(covered: list[tuple[int, int]], at: int) -> bool:
    return any(start <= at < end for start, end in reversed(covered))


def _literal(source: JavaScriptSource, node: Node) -> Sighting | None:
    spelled = source.data[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")
    template, tag = any(part.type == "template_substitution" for part in node.named_children), _tag(source, node)
    value = _filled(source, node, tag) if template or tag else source.string(node) or ""
    defect = "" if tag else escaped_away(spelled, drops=True)
    if defect:
        value = spelled.replace("\\\\", "\\")
    whole = is_whole(value)
    if not whole:
        inner = next((value[start:end] for start, end in spans(value)), "")
        if not inner:
            return None
        value = inner
    stands = node.parent if tag == RAW else node
    form = _form(source, stands, template) if whole else _embedded(source, node, value)
    reason = f"an escape makes {defect} of it" if defect else _LEFT.get(form, "") or _elsewhere(source)
    reason = reason or (f"`{tag}` reads it as it is spelled" if tag not in ("", RAW) else "")
    fix = "none" if reason else "review" if template else "safe"
    return Sighting(source.place(stands), value, spelled, "javascript", form, "high" if whole else "medium", fix, reason, whole, defect,  # type: ignore[arg-type]
                    variable=_variable(source, node) if form == "env-fallback" else "")


def _tag(source: JavaScriptSource, node: Node) -> str:
    """The function that a template is handed to as it is spelled, "" for none."""
    tagged = node.type == "template_string" and node.parent is not None and node.parent.type == "call_expression"
    return source.text(node.parent.child_by_field_name("function")) if tagged else ""


def _elsewhere(source: JavaScriptSource) -> str:
    return "a page in a browser has no environment and no such folder" if source.path.lower().endswith(BROWSER) else ""


def _filled(source: JavaScriptSource, node: Node, tag: str) -> str:
    """A template's value, its expressions as `{...}`; a tag is given the backslashes as they stand."""
    pieces, at = list[str](), node.start_byte + 1
    for part in node.named_children:
        if part.type == "template_substitution":
            pieces += [source.data[at : part.start_byte].decode("utf-8", "replace"), "{...}"]
            at = part.end_byte
    pieces.append(source.data[at : node.end_byte - 1].decode("utf-8", "replace"))
    return "".join(pieces) if tag else "".join(pieces).replace("\\\\", "\\")


def _embedded(source: JavaScriptSource, node: Node, path: str) -> Form:
    text = source.text(node)[1:-1]
    if "file:///" in text:
        return "url"
    return "command" if _SHELLED.match(text) else "message"


def _form(source: JavaScriptSource, node: Node, template: bool) -> Form:
    child, parent = node, node.parent
    while parent is not None and parent.type in OUTER:
        child, parent = parent, parent.parent
    kind = parent.type if parent is not None else ""
    if kind == "binary_expression" and parent is not None:
        return _beside(source, child, parent)
    if kind == "arguments" and parent is not None and parent.parent is not None:
        called = source.text(parent.parent.child_by_field_name("function") or parent.parent.child_by_field_name("constructor"))
        return next((form for pattern, form in _CALLS if pattern.search(called)), "f-string" if template else "argument")
    if kind == "pair" and parent is not None:
        return "dict-key" if parent.child_by_field_name("key") == child else "f-string" if template else "dict-value"
    told: dict[str, Form] = {
        "array": "list-element", "import_statement": "command", "export_statement": "command", "switch_case": "match",
        "literal_type": "annotation", "enum_assignment": "annotation",
        "jsx_attribute": "markup", "assignment_pattern": "default", "subscript_expression": "comparison", "expression_statement": "text",
    }
    form = told.get(kind, "assignment")
    return "f-string" if template and form == "assignment" else form


def _beside(source: JavaScriptSource, child: Node, parent: Node) -> Form:
    operator = source.text(parent.child_by_field_name("operator"))
    if operator in ("||", "??"):
        return "env-fallback" if "process.env" in source.text(parent.child_by_field_name("left")) else "default"
    if operator == "+":
        return "concat" if parent.child_by_field_name("left") == child else "message"
    return "comparison"


def _variable(source: JavaScriptSource, node: Node) -> str:
    parent = node.parent
    while parent is not None and parent.type in OUTER:
        parent = parent.parent
    read = re.search(r"process\.env(?:\.|\[['\"])(\w+)", source.text(parent) if parent is not None else "")
    return read[1] if read else ""

