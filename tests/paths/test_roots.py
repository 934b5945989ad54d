"""From many paths to a few folders with variables."""

import pytest

from opskit.paths.roots import configured, counted, inferred

FILES = ("data/orders.json", "lib/pay/card.py", "app.py")


def named(values, files=FILES, names=("shop",), known=(), taken=lambda variable: False):
    return {(root.variable, root.prefix, root.kind) for root in inferred(values, files, names, known, taken)}


def test_the_repository_is_known_by_its_name():
    assert named(["C:/Users/ana/Shop/out.txt"], ()) == {("BASE_DIR", "C:/Users/ana/Shop", "project")}


def test_the_repository_is_known_by_tails_that_exist_in_it():
    assert named(["D:/work/till/data/orders.json", "D:/work/till/lib/pay/card.py"]) == {("BASE_DIR", "D:/work/till", "project")}


def test_two_machines_of_one_repository_share_the_variable():
    found = named(["C:/Users/ana/till/data/orders.json", "/home/eva/till/data/orders.json", "C:/Users/ana/till/lib/pay/card.py"])
    assert found == {("BASE_DIR", "C:/Users/ana/till", "project"), ("BASE_DIR", "/home/eva/till", "project")}


@pytest.mark.parametrize(("copy", "shared"), [
    ("D:/backup/shop/out", False), ("C:/Users/ana/old/shop/out", False), ("C:/Users/eva/shop/out", True), ("/home/eva/shop/out", True),
    ("D:/work/shop/data/orders.json", True),
])
def test_a_folder_that_is_called_like_the_repository_may_be_its_copy(copy, shared):
    found = named(["C:/Users/ana/shop/data/orders.json", "C:/Users/ana/shop/lib/pay/card.py", copy])
    assert [kind for _, prefix, kind in found if copy.startswith(prefix)] == (["project"] if shared else ["personal" if "ana" in copy else "folder"])


def test_one_folder_in_two_spellings_is_one_root():
    assert len(named(["C:/Users/ana/Desktop/a.txt", "c:\\users\\ANA\\desktop\\b.txt"])) == 1


def test_folders_below_a_home_have_variables_of_their_own():
    found = named(["C:/Users/ana/Desktop/a.txt", "C:/Users/ana/.tokens/k/a", "C:/Users/ana/notes.txt", "D:\\films\\x\\a.mp4"])
    assert found == {
        ("DESKTOP_DIR", "C:/Users/ana/Desktop", "personal"), ("TOKENS_DIR", "C:/Users/ana/.tokens", "personal"),
        ("USER_HOME", "C:/Users/ana", "personal"), ("FILMS_DIR", "D:\\films", "folder"),
    }


def test_the_same_folder_of_two_people_shares_one_variable():
    assert {v for v, *_ in named(["C:/Users/ana/Desktop/a/b", "C:/Users/eva/Desktop/a/b"])} == {"DESKTOP_DIR"}


def test_the_same_name_on_two_drives_does_not():
    assert {v for v, *_ in named(["D:/films/a/b", "E:/films/a/b"])} == {"FILMS_DIR", "E_FILMS_DIR"}


def test_a_name_that_begins_with_a_digit_is_still_a_variable():
    assert {v for v, *_ in named(["D:/4th semester/a/b"])} == {"DIR_4TH_SEMESTER"}


def test_a_variable_that_the_code_uses_for_something_else_is_not_taken():
    assert {v for v, *_ in named(["C:/Users/ana/shop/x/y"], taken=lambda variable: variable == "BASE_DIR")} == {"PROJECT_ROOT"}


def test_a_dotted_name_is_a_file_until_a_path_goes_deeper():
    assert {p for _, p, _ in named(["C:/Users/ana/.token"])} == {"C:/Users/ana"}
    assert "C:/Users/ana/.token" in {p for _, p, _ in named(["C:/Users/ana/.token", "C:/Users/ana/.token/a"])}


@pytest.mark.parametrize("paths", [
    {"roots": {"BASE_DIR": "C:/Users/ana/shop"}}, {"roots": {"BASE_DIR": ["C:/Users/ana/shop"]}},
    {"project": "SHOP_ROOT", "roots": {"SHOP_ROOT": "C:/Users/ana/shop"}},
])
def test_the_manifest_names_roots(paths):
    assert [root.kind for root in configured(paths)] == ["project"]


@pytest.mark.parametrize("paths", [{}, {"roots": []}, {"roots": {"A": 3}}, {"roots": {"A": "relative"}}])
def test_what_is_no_folder_in_the_manifest_is_none(paths):
    assert configured(paths) == ()


def test_what_the_manifest_says_wins():
    known = configured({"roots": {"MY_DIR": "C:/Users/ana/Desktop"}})
    assert {v for v, *_ in named(["C:/Users/ana/Desktop/a/b"], known=known)} == {"MY_DIR"}


def test_a_nested_root_counts_for_itself():
    known = configured({"roots": {"HOME_DIR": "C:/Users/ana", "DESK_DIR": "C:/Users/ana/Desktop"}})
    assert {r.variable: r.uses for r in counted(known, ["C:/Users/ana/a", "C:/Users/ana/Desktop/b", "C:/users/ana/desktop"])} == {
        "HOME_DIR": 1, "DESK_DIR": 2}


def test_what_wsl_calls_a_drive_is_that_drive():
    found = named(["D:/work/till/a", "/mnt/d/Work/till/b", "/mnt/e/work/c/d"])
    assert {variable for variable, prefix, _ in found if prefix[:6] in ("D:/wor", "/mnt/d")} == {"WORK_DIR"} and len(found) == 3
