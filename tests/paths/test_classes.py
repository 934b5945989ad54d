"""What a path is by its own words."""

import pytest

from opskit.paths.classes import class_of


@pytest.mark.parametrize(("value", "kind"), [
    ("C:/Users/ana/x", "personal"), ("/home/ana/x", "personal"), ("/Users/ana/x", "personal"), ("/mnt/c/Users/ana/x", "personal"),
    ("D:/films/x", "other"), ("C:\\Windows\\Fonts\\arial.ttf", "system"), ("C:/ProgramData/x", "system"), ("C:/Users/Public/x", "system"),
    ("C:/Program Files/Office/winword.exe", "tool"), ("C:/Python34/Lib", "tool"), ("C:/Users/ana/AppData/Local/x", "tool"), ("C:/ffmpeg/bin", "tool"),
    ("C:/Users/<user>/x", "placeholder"), ("C:/Users/YourName/x", "placeholder"), ("C:/path/to/x", "placeholder"), ("C:/Users/{...}/x", "placeholder"),
    ("/home/runner/work", "system"), ("/home/ubuntu/x", "system"), ("C:/Users/user/x", "personal"), ("C:/", "other"),
    ("E:/GitHub/x", "other"), ("E:/Python Practice/a.png", "other"), ("D:/Reports/x", "other"), ("C:/Google Drive/x", "other"), ("C:/jdk1.8.0_20/x", "tool"),
])
def test_a_path_has_a_class(value, kind):
    assert class_of(value) == kind


def test_in_prose_user_is_a_stand_in():
    assert class_of("C:/Users/user/x", prose=True) == "placeholder"
