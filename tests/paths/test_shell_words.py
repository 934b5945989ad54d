"""How a place of a script is quoted, told by where HERE stands."""

import pytest

from opskit.paths.shell_words import quoting


@pytest.mark.parametrize(("script", "told"), [
    ("cat HERE", ""), ("cat 'HERE'", "'"), ('cat "HERE"', '"'), ("cat 'a' HERE", ""), ("cat 'a\"' HERE", ""), ("awk '{print \"HERE\"}'", "'"),
    ('cat "it\'s HERE"', '"'), ("# it's a comment\ncat HERE", ""), ("echo a#'\nb' HERE", ""), ("cat \\' HERE", ""), ('cat "\\" HERE"', '"'),
    ('X="$(cat HERE)"', ""), ('X="$(cat "HERE")"', '"'), ('X="(a HERE"', '"'), ("cat <<X\nit's\nX\ncat HERE", ""), ("cat $'it\\'s HERE'", "'"),
    ("cat $'it\\'s' HERE", ""), ("awk '\n{ print }\n' HERE", ""), ("cat <<<\"a\" HERE", ""), ("case a in a) cat HERE;; esac", ""),
    ("echo ${#x} 'HERE", "'"), ("echo \"unclosed\nHERE", '"'),
], ids=range(22))
def test_a_place_is_quoted_as_a_shell_would_read_it(script, told):
    assert quoting(script.encode(), script.index("HERE")) == told
