"""Services that share much text and are two services all the same."""

import pytest

from opskit.core.tree import Tree
from opskit.survey.services import find_services

APP = "import os\nfrom flask import Flask, jsonify\napp = Flask(__name__)\nLIMIT = int(os.environ.get('LIMIT', '10'))\n{}\n\n\n" \
      "@app.route('/health')\ndef health():\n    return jsonify(status='fine', limit=LIMIT)\n\n\n" \
      "@app.route('/version')\ndef version():\n    return jsonify(version='1.2.3')\n\n\nif __name__ == '__main__':\n    app.run(port={})\n"
USERS = "\n\n@app.route('/users')\ndef users():\n    return jsonify([])\n"
ORDERS = "\n\n@app.route('/orders')\ndef orders():\n    return jsonify([])\n"


def variants(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return {s.path: s.variant_of for s in find_services(Tree(root)) if s.variant_of}


@pytest.mark.parametrize("manifest", ["Dockerfile", "requirements.txt"])
def test_folders_with_manifests_of_their_own_hold_two_services(tmp_path, manifest):
    files = {"users/app.py": APP.format(USERS, 5001), "orders/app.py": APP.format(ORDERS, 5002), f"users/{manifest}": "flask\n", f"orders/{manifest}": "flask\n"}
    assert variants(tmp_path, files) == {}


def test_two_entries_of_a_procfile_are_two_services(tmp_path):
    files = {"gate.py": APP.format(USERS, 5001), "gate_v2.py": APP.format(USERS, 5002), "Procfile": "one: python gate.py\ntwo: python gate_v2.py\n"}
    assert variants(tmp_path, files) == {}


def test_the_same_generic_name_in_two_folders_says_nothing(tmp_path):
    assert variants(tmp_path, {"users/app.py": APP.format(USERS * 3, 5001), "orders/app.py": APP.format(ORDERS * 3, 5002)}) == {}


def test_a_copy_with_another_version_in_its_name_is_a_variant(tmp_path):
    assert variants(tmp_path, {"gate.py": APP.format(USERS, 5001), "gate_v2.py": APP.format(USERS, 5001)}) == {"gate.py": "gate-v2"}
