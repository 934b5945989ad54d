"""setup.cfg and setup.py are read; setup.py is never run."""

import pytest

from opskit.source.setuptools import read_setup_cfg, read_setup_py


def test_setup_cfg_with_places():
    data = (
        b"[metadata]\nname = My.Shop\n[options]\ninstall_requires =\n    flask>=3\n    stripe\n[options.extras_require]\nexcel = openpyxl\n"
    )
    found = read_setup_cfg("setup.cfg", data)
    assert [(r.name, r.group, r.place.line) for r in found.requirements] == [("flask", "", 5), ("stripe", "", 6), ("openpyxl", "excel", 8)]
    assert found.project == "my-shop"


@pytest.mark.parametrize(
    "text",
    [
        "from setuptools import setup\nsetup(name='a', install_requires=['flask>=3'])\n",
        "import setuptools\nNEEDS = ['flask>=3']\nsetuptools.setup(install_requires=NEEDS)\n",
        "raise SystemExit('never run')\nsetup(install_requires=('flask>=3',))\n",
    ],
    ids=["literal", "through a name", "code that would end the process"],
)
def test_setup_py_s_literals(text):
    (found,) = read_setup_py("setup.py", text.encode()).requirements
    assert (found.name, found.specifier) == ("flask", ">=3")


def test_what_setup_py_computes_is_left_out():
    assert read_setup_py("setup.py", b"setup(install_requires=open('r.txt').read().split())\n").requirements == ()


@pytest.mark.parametrize(("reader", "data"), [(read_setup_cfg, b"no section\n"), (read_setup_py, b"def (:\n")])
def test_what_cannot_be_read_says_why(reader, data):
    assert reader("setup", data).error
