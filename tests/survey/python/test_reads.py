"""Every idiom that reads the environment by a name that can be told; what only looks like one is left alone."""

import pytest

from opskit.survey.python.reads import python_reads
from opskit.survey.reads import find_reads


def names(tree):
    return [r.name for r in find_reads(tree)]


IDIOMS = {
    "getenv": "import os\nos.getenv('A')",
    "get": "import os\nos.environ.get('A')",
    "subscript": "import os\nos.environ['A']",
    "in": "import os\nif 'A' in os.environ: pass",
    "pop": "import os\nos.environ.pop('A', None)",
    "setdefault": "import os\nx = os.environ.setdefault('A', '1')",
    "module alias": "import os as _o\n_o.getenv('A')",
    "environ imported": "from os import environ\nenviron['A']",
    "getenv renamed": "from os import getenv as g\ng('A')",
    "environ in a variable": "import os\ne = os.environ\ne['A']",
    "getenv in a variable": "import os\nenv = os.getenv\nenv('A')",
    "copy": "import os\ne = os.environ.copy()\ne.get('A')",
    "dict of": "import os\ne = dict(os.environ)\ne.get('A')",
    "constant": "import os\nNAME = 'A'\nos.getenv(NAME)",
    "keyword": "import os\nos.getenv(key='A')",
    "inside a function": "def f():\n    import os\n    return os.getenv('A')",
    "wrapper": "import os\ndef need(name):\n    return os.environ[name]\nneed('A')",
    "wrapper that changes the name": "import os\ndef need(name):\n    return os.getenv(name.upper())\nneed('a')",
    "method wrapper": "import os\nclass C:\n    def need(self, name): return os.getenv(name)\n    def go(self): return self.need('A')",
    "loop": "import os\nfor n in ['A']:\n    os.environ[n]",
    "comprehension": "import os\nNAMES = ('A',)\nmissing = [n for n in NAMES if not os.getenv(n)]",
    "rows": "import os\nfor n, d in [('A', '1')]:\n    os.getenv(n, d)",
    "dict keys": "import os\nD = {'A': 1}\nfor n, v in D.items():\n    os.getenv(n)",
    "f-string": "import os\nfor n in ['A']:\n    os.getenv(f'{n}')",
    "expandvars": "import os\nos.path.expandvars('$A/x')",
    "decouple": "from decouple import config\nconfig('A', default=1)",
    "environs": "from environs import Env\nenv = Env()\nenv.str('A')",
    "environs, called": "from environs import Env\nenv = Env()\nenv('A')",
    "django-environ": "import environ\nenv = environ.Env(A=(bool, False))\nenv('A')",
    "starlette": "from starlette.config import Config\nconfig = Config('.env')\nconfig('A', cast=bool, default=False)",
    "dotenv_values": "from dotenv import dotenv_values\nc = dotenv_values()\nc['A']",
    "click": "import click\n@click.option('--a', envvar='A')\ndef f(a): ...",
    "typer": "import typer\ndef f(a: str = typer.Option(..., envvar='A')): ...",
    "pydantic": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    a: str",
    "pydantic, inherited": "from pydantic_settings import BaseSettings as B\nclass P(B):\n    a: str\nclass S(P):\n    pass",
    "pydantic, alias": "from pydantic_settings import BaseSettings\nfrom pydantic import Field\nclass S(BaseSettings):\n    b: str = Field(alias='A')",
    "pydantic, validation alias": "from pydantic_settings import BaseSettings\nfrom pydantic import Field, AliasChoices\nclass S(BaseSettings):\n"
                                  "    b: str = Field(validation_alias=AliasChoices('A'))",
    "pydantic 1, env": "from pydantic import BaseSettings, Field\nclass S(BaseSettings):\n    b: str = Field(..., env='A')",
}


@pytest.mark.parametrize("text", IDIOMS.values(), ids=IDIOMS.keys())
def test_an_idiom_is_a_read(platform, text):
    tree = platform(s=text)
    assert names(tree) == ["A"]
    assert tree.computed(python_reads).unresolved == []


DECOYS = {
    "docstring": '"""os.getenv(\'A\')"""',
    "comment": "import os\n# os.getenv('A')\n",
    "string": "import os\nx = \"os.environ['A']\"",
    "write": "import os\nos.environ['A'] = '1'",
    "delete": "import os\ndel os.environ['A']",
    "WSGI's environ": "def app(environ, start):\n    return environ['A']",
    "another module's get": "import other\nother.environ.get('A')",
    "a dict of one's own": "env = {}\nenv.get('A')",
    "child's environment": "import os\ne = {**os.environ, 'A': '1'}",
}


@pytest.mark.parametrize("text", DECOYS.values(), ids=DECOYS.keys())
def test_what_only_looks_like_a_read(platform, text):
    assert names(platform(s=text)) == []


def test_a_wrapper_is_followed_into_other_files(platform):
    tree = platform(conf="import os\ndef need(name, default=None):\n    return os.getenv(name, default)\n",
                    s="from conf import need\nneed('A')\nneed('B', 'x')\n")
    assert [(r.name, r.required, r.default, r.place.path) for r in find_reads(tree)] == [("A", True, None, "s.py"), ("B", False, "x", "s.py")]


def test_a_wrapper_s_own_default_is_read_in_its_own_file(platform):
    tree = platform(conf="import os\n" + "\n" * 40 + "def need(name, default='x'):\n    return os.getenv(name, default)\n",
                    s="from conf import need\nneed('A')\n")
    assert [(r.name, r.default, r.place.path) for r in find_reads(tree)] == [("A", "x", "s.py")]


def test_a_wrapper_s_prefix_is_part_of_the_name(platform):
    assert names(platform(s="import os\ndef need(name):\n    return os.getenv('APP_' + name)\nneed('KEY')")) == ["APP_KEY"]


def test_a_constant_of_another_file_names_a_variable(platform):
    assert names(platform(keys="KEY = 'A'\n", s="import os\nfrom keys import KEY\nos.getenv(KEY)")) == ["A"]


def test_prefixes_stand_before_the_names(platform):
    tree = platform(
        a="from environs import Env\nenv = Env()\nwith env.prefixed('APP_'):\n    env.int('PORT', 1)\n",
        b="from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n"
          "    model_config = SettingsConfigDict(env_prefix='WEB_')\n    url: str\n")
    assert names(tree) == ["APP_PORT", "WEB_URL"]


def test_a_name_that_cannot_be_told_is_unresolved(platform):
    tree = platform(s="import os, sys\nos.getenv(sys.argv[1])")
    assert (names(tree), [u.place.line for u in tree.computed(python_reads).unresolved]) == ([], [2])


USES = {
    "absent is None": ("key = os.getenv('A')\ncall(key)", True, None, "str"),
    "absent is an error": ("os.environ['A']", True, None, "str"),
    "caught": ("try:\n    x = os.environ['A']\nexcept KeyError:\n    x = ''", False, None, "str"),
    "fallback": ("os.getenv('A', 'b')", False, "b", "str"),
    "fallback behind or": ("os.getenv('A') or 'b'", False, "b", "str"),
    "empty fallback": ("os.getenv('A', '')", False, "", "str"),
    "number": ("int(os.getenv('A', '5'))", False, "5", "int"),
    "float": ("float(os.environ['A'])", True, None, "float"),
    "flag": ("os.getenv('A', 'false').lower() == 'true'", False, "false", "bool"),
    "flag in a set": ("os.getenv('A', '0') in ('1', 'yes')", False, "0", "bool"),
    "list": ("os.getenv('A', 'x').split(',')", False, "x", "list"),
    "optional feature": ("key = os.getenv('A')\nif key:\n    call(key)", False, None, "str"),
    "checked with an exit": ("key = os.getenv('A')\nif not key:\n    sys.exit(1)", True, None, "str"),
    "asked whether it is there": ("ready = bool(os.getenv('A'))", False, None, "str"),
    "tested where it stands": ("if os.getenv('A'):\n    call()", False, None, "str"),
    "address": ("os.getenv('A', 'https://x.example')", False, "https://x.example", "url"),
}


@pytest.mark.parametrize(("text", "required", "default", "kind"), USES.values(), ids=USES.keys())
def test_use_tells_need_and_type(platform, text, required, default, kind):
    (read,) = find_reads(platform(s="import os, sys\n" + text))
    assert (read.required, read.default, read.type) == (required, default, kind)


def test_pydantic_types_and_defaults(platform):
    text = "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    n: int = 5\n    u: str | None = None\n    k: str\n"
    assert [(r.name, r.required, r.default, r.type) for r in find_reads(platform(s=text))] == [
        ("N", False, "5", "int"), ("U", False, None, "str"), ("K", True, None, "str")]


def test_nested_models_are_spelled_with_the_delimiter(platform):
    text = ("from pydantic import BaseModel\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\nclass Db(BaseModel):\n    host: str\n"
            "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='__')\n    db: Db\n")
    assert names(platform(s=text)) == ["DB__HOST"]
