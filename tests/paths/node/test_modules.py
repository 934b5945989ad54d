"""ES modules and TypeScript: run by Node before and after, in every shape that imports and names can stand in."""

import json
import os
import shutil
import subprocess

import pytest

from opskit.paths.facts import How
from tests.node_packages import node_modules

NODE = shutil.which("node")
DATA = {"data/orders.json": "[1, 2]"}
LITERAL = "'C:/Users/ana/shop/data/orders.json'"
READ = f"process.stdout.write(fs.readFileSync({LITERAL}, 'utf8'));\n"
pytestmark = pytest.mark.skipif(not NODE, reason="node is not on PATH")


def run(*command, cwd="/", **environ):
    return subprocess.run(command, cwd=cwd, env={"PATH": os.environ["PATH"], **environ}, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("file", ["a.mjs", "tools/deep/a.mjs"])
@pytest.mark.parametrize("text", [
    f"import fs from 'fs';\n{READ}", f"#!/usr/bin/env node\n// why\nimport fs from 'fs'\nimport * as os from 'os'\n\n{READ}",
    f"import fs from 'fs';\r\nimport p from 'path';\r\n{READ}p.sep;\r\n", f"import fs from 'fs';\nimport * as path from 'node:path'; // why\n{READ}path.sep;\n",
    f"import fs from 'fs'; {READ}", f"import fs from 'fs';\nconst path = 1, fileURLToPath = 2;\n{READ}console.error(path, fileURLToPath)\n",
    f"import fs from 'fs';\nimport path from 'path';\nfunction f(path) {{\n  {READ}}}\nf(path);\n", f"{READ}import fs from 'fs';\n",
    f"import fs from 'fs';\nimport {{ join }} from 'path';\nimport {{ fileURLToPath as up }} from 'url';\nup; join;\n{READ}",
    f"import fs from 'fs';\nimport path from 'path';\nlet r = () => {{ const {{ BASE_DIR }} = {{ BASE_DIR: path.sep }}; {READ} return BASE_DIR }}; r();\n",
    "import fs from 'fs';\nconst read = (p = 'C:\\\\Users\\\\ana\\\\shop\\\\data') => fs.readFileSync(p + '/orders.json', 'utf8');\nprocess.stdout.write(read());\n",
    "import fs from 'fs';\nclass A { static file = 'C:/Users/ana/shop/data/orders.json' }\nprocess.stdout.write(fs.readFileSync(A.file, 'utf8'));\n",
    "import fs from 'fs';\nprocess.stdout.write(fs.readFileSync(String.raw`C:\\Users\\ana\\shop\\data\\orders.json`, 'utf8'));\n",
    "import fs from 'fs';\nconst d = 'data';\nprocess.stdout.write(fs.readFileSync(`C:/Users/ana/shop/${d}/orders.json`, 'utf8'));\n",
    "const { default: fs } = await import('node:fs');\nprocess.stdout.write(fs.readFileSync('C:/Users/ana/shop/data/orders.json', 'utf8'));\n",
], ids=["plain", "shebang", "its own name, CRLF", "namespace", "one line", "names are taken", "a parameter hides it", "imports last", "named", "the constant's name is taken",
        "default", "class", "raw", "template", "no import"])
def test_node_reads_the_repository_s_own_file(platform, file, text):
    platform.lay({**DATA, file: text})
    assert run(NODE, str(platform.root / file)).returncode == 1
    made = platform.mended(review=True).files[file]
    done = run(NODE, str(platform.root / file))
    assert done.stdout == "[1, 2]", done.stderr
    assert made.count("node:path") <= 1 and "C:/" not in made and platform.mended(review=True).files == {}


def test_the_variable_wins_and_the_old_value_can_stay(platform, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/orders.json").write_text("moved")
    platform.lay({**DATA, "a.mjs": f"import fs from 'fs'\n{READ}"}).mended(How("original"))
    assert run(NODE, str(platform.root / "a.mjs"), BASE_DIR=str(tmp_path)).stdout == "moved"
    assert "'C:/Users/ana/shop';" in (platform.root / "a.mjs").read_text()


def test_what_the_file_has_already_is_used_again(platform):
    platform.lay({**DATA, "a/b.mjs": f"import fs from 'fs'\nimport nodePath from 'path'\nimport {{ fileURLToPath as toPath }} from 'url'\n{READ}"})
    made = platform.mended().files["a/b.mjs"]
    assert "const BASE_DIR = process.env.BASE_DIR || nodePath.join(nodePath.dirname(toPath(import.meta.url)), '..');" in made
    assert made.count("import ") == 3
    (platform.root / "a/b.mjs").write_text(made + "fs.existsSync('C:/Users/ana/shop/data')\n")
    again = platform.mended().files["a/b.mjs"]
    assert again == made + "fs.existsSync(nodePath.join(BASE_DIR, 'data'))\n"


@pytest.mark.parametrize(("engines", "new"), [(">=20.11", True), ("^22", True), ("20.x || >=22", False), (">=18", False), ("", False), ("21.1", False), ("^21.2.0", True)])
def test_import_meta_dirname_only_where_node_is_promised_to_have_it(platform, engines, new):
    package = {"type": "module", "engines": {"node": engines}} if engines else {"type": "module"}
    made = platform.lay({**DATA, "package.json": json.dumps(package), "a/b.js": f"import fs from 'fs'\n{READ}"}).mended().files["a/b.js"]
    assert ("import.meta.dirname" in made) == new != ("fileURLToPath" in made)


CLI = {"package.json": '{"dependencies": {"vite": "6"}, "scripts": {"seed": "node src/seed.mjs"}}'}


@pytest.mark.parametrize("more", [
    {"package.json": '{"type": "module"}', "a.js": "import fs from 'fs'\n@"}, {"package.json": '{"type": "module"}', "a.js": "import './b.js'\nimport 'node:fs'\n", "b.js": "export const X = @@\n"},
    {**CLI, "src/seed.mjs": "import fs from 'fs'\n@"}, {**CLI, "scripts/a.mjs": "import fs from 'fs'\n@"}, {**CLI, "vite.config.mjs": "export default { root: @@ }\n"},
    {"bin/a.mjs": "#!/usr/bin/env node\nexport const X = @@\n"}, {"a.mts": "import fs from 'fs'\n@"},
    {"tsconfig.json": '{"compilerOptions": {"module": "nodenext", "rootDir": "src", "outDir": "dist"}}', "package.json": '{"type": "module"}', "src/a.ts": "import fs from 'fs'\n@"},
    {"base.json": '{"compilerOptions": {"module": "CommonJS"}}', "tsconfig.json": '{"extends": "./base", "compilerOptions": {"noEmit": true}}', "a.ts": "import fs from 'fs'\n@"},
], ids=["type module", "loaded by one that Node runs", "started beside a bundler", "a tool beside a bundler", "the bundler's own settings", "shebang", "mts", "nodenext", "commonjs"])
def test_node_s_own_files_are_rewritten(platform, more):
    files = {path: text.replace("@@", LITERAL).replace("@", READ) for path, text in more.items()}
    assert any(LITERAL not in text for text in platform.lay({**DATA, **files}).mended().files.values()), platform.mended().skipped


TS = {"package.json": '{"type": "module"}', "src/a.ts": "import fs from 'fs'\n@"}


@pytest.mark.parametrize(("more", "reason"), [
    ({"a.js": "import fs from 'fs'\n@"}, "imports like an ES module"), ({"a.mjs": "export const X = @@\n"}, "nothing shows that Node runs this ES module"),
    ({"a.mjs": "'use client'\nexport const X = @@\n"}, "code of a browser"), ({"a.mjs": "document.title = @@\n"}, "code of a browser"),
    ({**CLI, "src/a.mjs": "import fs from 'fs'\n@"}, "vite may bundle it"), ({"package.json": '{"devDependencies": {"webpack": "5"}}', "src/a.js": "require('./x')(@@)\n"}, "webpack may bundle"),
    ({"a.html": "<script type=module src=./js/a.mjs></script>", "js/a.mjs": "import './b.mjs'\n", "js/b.mjs": "import 'node:fs'\nopen(@@)\n"}, "a.html loads it"),
    ({"a.mjs": "import 'node:fs'\nconst process = 1\nf(@@)\n"}, "`process` is bound"),
    ({"netlify/functions/a.mjs": "import fs from 'fs'\n@export default () => new Response('')\n"}, "a host bundles its functions"),
    ({"a.ts": "import fs from 'fs'\n@"}, "no tsconfig.json says"), ({**TS, "tsconfig.json": '{"compilerOptions": {"module": "es2015"}}'}, "no import.meta"),
    ({**TS, "tsconfig.json": '{"compilerOptions": {"module": "amd"}}'}, "not rewritten"),
    ({**TS, "tsconfig.json": '{"compilerOptions": {"outDir": "out"}}'}, "names no rootDir"),
    ({**TS, "tsconfig.json": '{"compilerOptions": {"outDir": "build/out", "rootDir": "src"}}'}, "another depth"),
    ({**TS, "tsconfig.json": '{"compilerOptions": {"outFile": "out.js"}}'}, "one file elsewhere"),
    ({"a.mts": "import fs from 'fs'\nenum E { A = @@ }\nfs.rmSync(E.A)\n"}, "a type: the text itself counts"),
    ({"a.mjs": "import fs from 'fs'\nfs.rmSync(sql`C:/Users/ana/shop/data`)\n"}, "`sql` reads it as it is spelled"),
])
def test_what_is_left_has_its_reason(platform, more, reason):
    files = {path: text.replace("@@", LITERAL).replace("@", READ) for path, text in more.items()}
    mended = platform.lay({**DATA, "b.py": "open('C:/Users/ana/shop/data/orders.json')\n", **files}).mended()
    assert mended.files.keys() == {"b.py"} and any(reason in told for told in mended.skipped), mended.skipped


@pytest.mark.slow
@pytest.mark.parametrize(("module", "package", "strict"), [("nodenext", "module", False), ("nodenext", "commonjs", True), ("commonjs", "commonjs", True)])
def test_typescript_compiles_and_runs(platform, module, package, strict):
    modules = node_modules()
    options = {"module": module, "rootDir": "src", "outDir": "dist", "types": ["node"], "strict": strict, "target": "es2022", "ignoreDeprecations": "6.0"}
    text = f"import * as fs from 'fs';\nexport const held: string = {LITERAL};\nprocess.stdout.write(fs.readFileSync(held, 'utf8'));\n"
    platform.lay({**DATA, "package.json": json.dumps({"type": package}), "tsconfig.json": json.dumps({"compilerOptions": options}), "src/deep/a.ts": text})
    assert "src/deep/a.ts" in platform.mended().files
    (platform.root / "node_modules").symlink_to(modules)
    made = run(str(modules / ".bin/tsc"), "-p", str(platform.root))
    assert made.returncode == 0, made.stdout
    done = run(NODE, str(platform.root / "dist/deep/a.js"))
    assert done.stdout == "[1, 2]", done.stderr


@pytest.mark.parametrize("more", [
    {"a.mjs": "import { chromium } from 'playwright-core'\nlook(() => document.title, @@)\n"},
    {**CLI, "e2e/a.js": "const { chromium } = require('@playwright/test')\nlook(@@)\n"},
    {"a.mjs": "import puppeteer from 'puppeteer'\nlook(() => window.scrollY, @@)\n"},
], ids=["playwright", "beside a bundler", "puppeteer"])
def test_what_drives_a_browser_runs_in_node(platform, more):
    files = {path: text.replace("@@", LITERAL) for path, text in more.items()}
    assert any("BASE_DIR" in text for text in platform.lay({**DATA, **files}).mended().files.values())
