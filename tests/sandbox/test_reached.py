"""Programs that know nothing of a sandbox reach it through opskit's start-up hooks, and nothing else does."""

import os
import subprocess
import sys

import pytest

from opskit.services import environment
from opskit.services.spec import ServiceSpec
from tests.node_packages import node_modules

PYTHON = {
    "the module": "import stripe; stripe.api_key = KEY; print(stripe.Product.create(name='One').name)",
    "a client": "import stripe; print(stripe.StripeClient(KEY).v1.products.create({'name': 'One'}).name)",
    "a client, by its name": "from stripe import StripeClient; print(StripeClient(KEY).v1.products.create({'name': 'One'}).name)",
}
NODE = {
    "require": "new (require('stripe'))(KEY).products.create({name: 'One'}).then((p) => console.log(p.name))",
    "import": "import('stripe').then((m) => new m.default(KEY).products.create({name: 'One'})).then((p) => console.log(p.name))",
    "https.request, a URL": "require('https').request('https://api.stripe.com/v1/products', {method: 'POST', headers: {authorization: 'Bearer ' + KEY, "
                            "'content-type': 'application/x-www-form-urlencoded'}}, (r) => console.log(r.statusCode === 200 ? 'One' : '')).end('name=One')",
}


def run(tmp_path, base, command, expose=False):
    spec = ServiceSpec("a", ("x",), "/", own={"OPSKIT_STRIPE_BASE": base, "NODE_PATH": str(node_modules())}, expose=expose)
    environ = environment.assembled(tmp_path, {"PATH": os.environ["PATH"]}, spec)
    return subprocess.run(command, env=environ, cwd=node_modules().parent, capture_output=True, text=True, timeout=60)


FEW = [("python", "the module", False), ("python", "a client", True), ("node", "require", False)]
REST = [("python", "the module", True), ("python", "a client, by its name", False), ("node", "require", True), ("node", "import", False),
        ("node", "https.request, a URL", False)]


@pytest.mark.parametrize(("program", "name", "expose"), FEW + [pytest.param(*case, marks=pytest.mark.slow) for case in REST])
def test_an_unchanged_program_reaches_the_sandbox(tmp_path, stripe_sandbox, program, name, expose):
    words, code = ([sys.executable, "-c"], PYTHON[name]) if program == "python" else (["node", "-e"], NODE[name])
    done = run(tmp_path, stripe_sandbox.url, [*words, code.replace("KEY", repr(stripe_sandbox.key))], expose)
    assert done.stdout.strip() == "One", done.stderr
    assert [each.name for each in stripe_sandbox.client().v1.products.list().data] == ["One"]


@pytest.mark.parametrize("program", [pytest.param("python", marks=pytest.mark.slow), "node"])
def test_a_live_key_is_refused_and_reaches_nobody_else(tmp_path, stripe_sandbox, program):
    code = PYTHON["the module"] if program == "python" else NODE["require"]
    done = run(tmp_path, stripe_sandbox.url, [*([sys.executable, "-c"] if program == "python" else ["node", "-e"]),
                                              code.replace("KEY", repr("sk_live_" + "0" * 24))])
    assert "live key was sent to it" in done.stderr and not done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("base", ["https://evil.example", "http://10.0.0.1:80", "http://127.0.0.1.example.com:80", "nonsense"])
def test_the_hooks_send_nothing_anywhere_but_to_this_machine(tmp_path, base):
    told = run(tmp_path, base, [sys.executable, "-c", "import stripe; print(stripe.api_base)"]).stdout
    assert told.strip() == "https://api.stripe.com"
    shown = run(tmp_path, base, ["node", "-e", "console.log(require('https').request.toString().includes('OFFICIAL'))"]).stdout
    assert shown.strip() == "false"


def test_other_hosts_are_left_alone(tmp_path, stripe_sandbox):
    code = "require('https').get('https://127.0.0.1:9/', () => 0).on('error', (e) => console.log(e.code))"
    assert run(tmp_path, stripe_sandbox.url, ["node", "-e", code]).stdout.strip() == "ECONNREFUSED"
