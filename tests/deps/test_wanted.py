"""The union of manifests that one environment should hold."""

from opskit.deps.install.install import targets

from .conftest import importing


def lines(survey, everything=False):
    (target,) = targets(survey, everything)
    return [w.line for w in target.union.wanted], target.union


def test_one_line_a_package_with_all_its_places(platform):
    survey = platform(
        {
            "a/one.py": importing("flask"),
            "a/requirements.txt": "flask==3.0.0\n",
            "b/two.py": importing("flask"),
            "b/requirements.txt": "Flask[async]>=2\n",
        }
    )
    wanted, union = lines(survey)
    assert wanted in (["flask[async]==3.0.0"], ["Flask[async]==3.0.0"]) and len(union.wanted[0].places) == 2 and not union.wanted[0].told


def test_what_cannot_hold_together_is_relaxed_and_told(platform):
    survey = platform(
        {
            "a/one.py": importing("flask"),
            "a/requirements.txt": "flask==2.0.0\n",
            "b/two.py": importing("flask"),
            "b/requirements.txt": "flask==3.0.0\n",
        }
    )
    wanted, union = lines(survey)
    assert wanted == ["flask==3.0.0"] and "a/requirements.txt" in union.wanted[0].told and "took ==3.0.0" in union.wanted[0].told


def test_manifests_that_no_service_stands_on_are_left_out(platform):
    survey = platform(
        {
            "app.py": importing("flask"),
            "requirements.txt": "flask\n",
            "research/requirements.txt": "torch\n",
            "research/train.py": "import torch\n",
        }
    )
    assert lines(survey)[0] == ["flask"]


def test_extras_and_developers_files_count_where_a_service_imports_from_them(platform):
    survey = platform(
        {
            "app.py": importing("flask", "openpyxl"),
            "requirements-dev.txt": "pytest\n",
            "pyproject.toml": "[project]\nname='a'\nversion='1'\ndependencies=['flask']\n[project.optional-dependencies]\nexcel=['openpyxl']\nmore=['pandas']\n",
        }
    )
    assert lines(survey)[0] == ["flask", "openpyxl"]


def test_our_own_projects_go_on_the_path_and_are_never_fetched(platform):
    survey = platform(
        {
            "api/app.py": importing("flask"),
            "api/requirements.txt": "flask\n-e ../packages/core\nshop-core\n",
            "packages/core/pyproject.toml": "[project]\nname = 'shop-core'\ndependencies = ['redis']\n",
            "packages/core/src/shop_core/__init__.py": "",
        }
    )
    wanted, union = lines(survey)
    assert wanted == ["flask", "redis"] and union.local == ("packages/core/src",)


def test_constraints_narrow_and_markers_stand_alone(platform):
    survey = platform(
        {
            "app.py": importing("flask"),
            "requirements.txt": "-c limits.txt\nflask\ntomli ; python_version < '3.11'\n",
            "limits.txt": "flask<4\nredis<5\n",
        }
    )
    assert lines(survey)[0] == ["flask<4", "tomli ; python_version < '3.11'"]


def test_indexes_of_the_manifests_are_used_and_other_options_are_not(platform):
    survey = platform(
        {
            "app.py": importing("flask"),
            "requirements.txt": "--extra-index-url https://example.org/simple\n--find-links wheels\n--trusted-host x\nflask\n",
        }
    )
    options = lines(survey)[1].options
    assert options[0] == "--extra-index-url https://example.org/simple" and options[1].endswith("/wheels") and len(options) == 2


def test_what_cannot_be_read_is_left_to_the_person(platform):
    survey = platform({"app.py": importing("flask"), "requirements.txt": "flask\nstripe = 7\ngit+https://${TOKEN}@example.org/x.git\n"})
    assert [text.split(" (")[0] for text in lines(survey)[1].left] == ["stripe = 7", "git+https://${TOKEN}@example.org/x.git"]


def test_services_are_grouped_by_the_python_they_ask_for(platform):
    manifest = "version = 1\n[services.a]\ncommand = 'python a.py'\n[services.b]\ncommand = 'python b.py'\npython = '3.2'\n"
    found = targets(
        platform({"a.py": importing("flask"), "b.py": importing("stripe"), "requirements.txt": "flask\nstripe\n", "opskit.toml": manifest})
    )
    assert [(t.environment.name, [s.name for s in t.services]) for t in found] == [(".opskit/venv", ["a"]), (".opskit/venv-3.2", ["b"])]
