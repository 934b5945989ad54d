"""The tables of import names: what stands in them holds together, and a stranger's name is never trusted."""

import sys

import pytest
from packaging.utils import canonicalize_name

from opskit.deps.names import _lines, brought_along, provided, providers


@pytest.mark.parametrize(
    ("dotted", "distribution"),
    [
        ("yaml", "PyYAML"),
        ("cv2", "opencv-python-headless"),
        ("PIL", "Pillow"),
        ("jwt", "PyJWT"),
        ("dotenv", "python-dotenv"),
        ("bs4", "beautifulsoup4"),
        ("sklearn", "scikit-learn"),
        ("psycopg2", "psycopg2-binary"),
        ("serial", "pyserial"),
        ("google.cloud.storage.blob", "google-cloud-storage"),
        ("google.oauth2.service_account", "google-auth"),
        ("azure.storage.blob", "azure-storage-blob"),
        ("ruamel.yaml", "ruamel.yaml"),
        ("flask", "flask"),
        ("dateutil.parser", "python-dateutil"),
        ("pkg_resources", "setuptools"),
    ],
)
def test_well_known_names(dotted, distribution):
    known = providers(dotted)
    assert known.certain and known.distributions[0] == distribution


@pytest.mark.parametrize("dotted", ["our_own_thing", "helpers", "config", "utils", "reqeusts", "djago"])
def test_an_unknown_name_is_never_certain(dotted):
    assert not providers(dotted).certain


@pytest.mark.parametrize("dotted", ["google", "google.cloud", "azure", "bpy_or_not.google"])
def test_a_shared_or_foreign_name_alone_is_not_certain(dotted):
    assert not providers(dotted).certain


def test_a_family_s_rule_of_thumb_is_not_certain():
    known = providers("google.cloud.some_thing.v1")
    assert (known.distributions, known.certain, known.how) == (("google-cloud-some-thing",), False, "family")


def test_tables_hold_names_once_and_no_module_of_the_standard_library():
    same = [name for line in _lines("same.txt") for name in line]
    other = [line[0].lstrip("?") for line in _lines("other.txt")]
    assert len(set(same)) == len(same) > 3000 and len(set(other)) == len(other) > 1000
    assert not set(same) & set(other) and not {*same, *other} & sys.stdlib_module_names


def test_every_distribution_is_spelled_as_a_name_may_be():
    for line in (*_lines("other.txt"), *_lines("namespaces.txt")):
        for name in line[1:]:
            assert name == "-" or canonicalize_name(name.lstrip("?").replace("*", "x"), validate=True)


def test_a_line_of_the_other_table_never_leads_with_the_same_name_alone():
    assert [line for line in _lines("other.txt") if len(line) == 2 and line[0] == line[1]] == []  # it belongs into same.txt


def test_both_directions_agree():
    assert "PIL" in provided("pillow") and "google.cloud.storage" in provided("Google_Cloud_Storage") and not provided("no-such-thing")
    assert "werkzeug" in brought_along("Flask")
