"""Reads of the environment in JavaScript: which, with which fallback, and whether one must be there."""

import pytest

from opskit.core.tree import Tree
from opskit.survey.node.reads import node_reads, reads_unresolved

SHAPES = {
    "plain": ("process.env.A", [("A", True, None, "str")]),
    "brackets": ("process.env['A']", [("A", True, None, "str")]),
    "chained": ("process?.env?.A", [("A", True, None, "str")]),
    "fallback": ("process.env.A || 'x'", [("A", False, "x", "str")]),
    "nullish number": ("Number(process.env.A ?? 80)", [("A", False, "80", "int")]),
    "two before a fallback": ("process.env.A || process.env.B || 'x'", [("A", False, "x", "str"), ("B", False, "x", "str")]),
    "alias": ("const env = process.env;\nenv.A", [("A", True, None, "str")]),
    "alias by destructuring": ("const { env } = process;\nenv.A", [("A", True, None, "str")]),
    "destructured": ("const { A, B: b, C = '3' } = process.env", [("A", True, None, "str"), ("B", True, None, "str"), ("C", False, "3", "str")]),
    "imported env": ("import { env } from 'node:process';\nenv.A", [("A", True, None, "str")]),
    "vite": ("import.meta.env.VITE_A; import.meta.env.MODE", [("VITE_A", True, None, "str")]),
    "netlify": ("Netlify.env.get('A')", [("A", True, None, "str")]),
    "deno with a fallback": ("Deno.env.get('A') ?? 'x'", [("A", False, "x", "str")]),
    "bun": ("Bun.env.A", [("A", True, None, "str")]),
    "in a template": ("`Bearer ${process.env.A}`", [("A", True, None, "str")]),
    "guarded": ("if (!process.env.A) { throw new Error('A') }", [("A", True, None, "str")]),
    "only asked": ("if (process.env.A) { go() }", [("A", False, None, "str")]),
    "compared": ("process.env.A === 'true'", [("A", False, None, "bool")]),
    "set if absent": ("process.env.A ||= 'x'", [("A", False, "x", "str")]),
    "a wrapper": ("function need(n) { const v = process.env[n]; if (!v) throw n; return v }\nneed('A')", [("A", True, None, "str")]),
    "a wrapper with a fallback": ("const get = (n, d) => process.env[n] || d;\nget('A', 'x')", [("A", False, "x", "str")]),
    "a list that must be there": ("for (const k of ['A', 'B']) { if (!process.env[k]) throw k }", [("A", True, None, "str"), ("B", True, None, "str")]),
    "a list in a callback": ("const NAMES = ['A'];\nNAMES.filter((k) => !process.env[k])", [("A", True, None, "str")]),
    "a constant name": ("const KEY = 'A';\nprocess.env[KEY]", [("A", True, None, "str")]),
    "a zod schema": ("import { z } from 'zod';\nz.object({ A: z.string(), B: z.coerce.number().default(5), C: z.string().optional() }).parse(process.env)",
                     [("A", True, None, "str"), ("B", False, "5", "int"), ("C", False, None, "str")]),
    "envalid": ("import { cleanEnv, str, port } from 'envalid';\ncleanEnv(process.env, { A: str(), B: port({ default: 80 }) })",
                [("A", True, None, "str"), ("B", False, "80", "int")]),
    "a comment": ("// process.env.A\n/* process.env.B */", []),
    "a string": ("const s = 'process.env.A'", []),
    "a write": ("process.env.A = 'x'; delete process.env.B", []),
    "another object": ("const env = load();\nenv.A; req.env.B", []),
    "a shadowed name": ("const env = process.env;\nfunction f(env) { return env.A }", []),
}


def reads(tmp_path, text, name="a.mjs"):
    (tmp_path / name).write_text(text)
    return node_reads(Tree(tmp_path))


@pytest.mark.parametrize(("text", "expected"), SHAPES.values(), ids=SHAPES)
def test_reads(tmp_path, text, expected):
    assert [(r.name, r.required, r.default, r.type) for r in reads(tmp_path, text)] == expected


@pytest.mark.parametrize(("text", "expected"), SHAPES.values(), ids=SHAPES)
def test_typescript_reads_the_same(tmp_path, text, expected):
    assert [(r.name, r.required, r.default, r.type) for r in reads(tmp_path, text, "a.ts")] == expected


def test_the_place_spans_the_name(tmp_path):
    (read,) = reads(tmp_path, "// é\nconst x = process.env.LONG_NAME")
    assert (tmp_path / "a.mjs").read_bytes()[read.place.start : read.place.end] == b"LONG_NAME"


def test_a_wrapper_of_another_file(tmp_path):
    (tmp_path / "env.ts").write_text("export const env = (name: string) => process.env[name];")
    found = reads(tmp_path, "import { env } from './env';\nexport const key = env('API_KEY');", "use.ts")
    assert [(r.name, r.place.path) for r in found] == [("API_KEY", "use.ts")]


def test_a_script_without_a_suffix_is_read(tmp_path):
    assert [r.name for r in reads(tmp_path, "#!/usr/bin/env node\nprocess.env.A", "www")] == ["A"]


def test_a_computed_name_is_unresolved(tmp_path):
    (tmp_path / "a.js").write_text("module.exports = (n) => process.env[`${n}_KEY`]")
    assert [u.place.line for u in reads_unresolved(Tree(tmp_path))] == [1]


@pytest.mark.parametrize(("name", "expected"), [("a.vue", ["VITE_A"]), ("a.svelte", ["VITE_A"]), ("a.html", [])])
def test_components_are_read_and_plain_pages_are_not(tmp_path, name, expected):
    text = "<template><p>import.meta.env.VITE_NO</p></template>\n<script lang=\"ts\">\nconst a: string = import.meta.env.VITE_A\n</script>\n"
    assert [r.name for r in reads(tmp_path, text, name)] == expected


def test_a_pasted_key_is_no_default(tmp_path):
    key = "sk_live_" + "0123456789abcdef" * 2
    (read,) = reads(tmp_path, f"process.env.STRIPE_SECRET_KEY || '{key}'")
    assert (read.default, read.required) == (None, False)


def test_sveltekit_imports_are_reads(tmp_path):
    (read,) = reads(tmp_path, "import { API_KEY } from '$env/static/private'")
    assert (read.name, read.via) == ("API_KEY", "$env/static/private")
