"""Every modelled operation's answer against the official SDKs' generated types: Python's at run time, Node's by the TypeScript compiler."""

import json
import re
import subprocess

import pytest

from opskit.sandbox.stripe.resources import HANDLERS
from tests.node_packages import node_modules
from tests.sandbox.asking import Caller
from tests.sandbox.scene import SCENE, play
from tests.sandbox.sdk_types import complaints, object_class, record


@pytest.fixture(scope="module")
def played(stripe_library):
    return play(Caller(stripe_library))


def test_the_scene_leaves_no_operation_out():
    assert {f"{method} {path}" for method, path, _ in SCENE} == set(HANDLERS)


@pytest.mark.parametrize("index", range(len(SCENE)), ids=[f"{method}-{path}" for method, path, _ in SCENE])
def test_an_answer_is_what_the_python_classes_say(played, index):
    route, status, body = played[index]
    assert status == 200, (route, body)
    items = body["data"] if body["object"] == "list" else [body]
    assert [each for item in items for each in record(item, object_class(item["object"]))] == []


def test_an_event_s_object_is_one_of_the_api_too(played):
    events = next(body for route, _, body in reversed(played) if route == "GET /v1/events")["data"]
    assert len({event["type"] for event in events}) > 10
    bodies = [event["data"]["object"] for event in events]
    # plan: a price under its older name; the tiers that an event carries are whole
    assert [each for body in bodies for each in record(body, object_class(body["object"]))] == []


def test_the_judge_sees_what_is_wrong():
    price = object_class("price")
    assert complaints(True, int) and complaints("x", bool) and complaints(None, str) and record({"object": "price"}, price)
    assert any("nonsense" in each for each in record({"nonsense": 1}, price))


def test_answers_compile_as_node_s_types(played, tmp_path):
    """Each answer as a literal of the class that `stripe` for Node declares for it; an unknown, missing or wrong field is an error."""
    lines = ["import Stripe from 'stripe';", "const D = Stripe.Decimal.from;"]
    for index, (_, _, body) in enumerate(played):
        for number, item in enumerate(body["data"] if body["object"] == "list" else [body]):
            kind = item["object"].title().replace("_", "")
            if item["object"] == "event":  # a union of 250 types over `type`; its objects are judged by themselves
                continue
            lines.append(f"export const a{index}_{number}: Stripe.{'Deleted' * bool(item.get('deleted'))}{kind} = {_literal(item)};")
    assert _compile(lines, tmp_path) == ""
    assert "TS2322" in _compile([*lines[:2], "export const a: Stripe.Price = {id: 1};"], tmp_path)


def _literal(item):
    return re.sub(r'("\w+_decimal": )("[^"]+")', r"\1D(\2)", json.dumps(item))


def _compile(lines, folder):
    (folder / "answers.ts").write_text("\n".join(lines))
    (folder / "node_modules").exists() or (folder / "node_modules").symlink_to(node_modules())
    tsc = node_modules() / "typescript" / "bin" / "tsc"
    options = {"noEmit": True, "strict": True, "skipLibCheck": True, "module": "nodenext", "target": "es2022", "types": []}
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["answers.ts"]}))
    done = subprocess.run(["node", tsc, "--pretty", "false"], cwd=folder, capture_output=True, text=True)
    return done.stdout
