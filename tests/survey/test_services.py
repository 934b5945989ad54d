from opskit.core.tree import Tree
from opskit.survey.services import find_services

FLASK = "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(port=5000)\n"


def test_a_flask_script_is_a_server(tmp_path):
    (tmp_path / "Auth_System.py").write_text(FLASK)
    (service,) = find_services(Tree(tmp_path))
    assert (service.name, service.kind, service.port, service.command) == ("auth-system", "server", 5000, ("python", "Auth_System.py"))
