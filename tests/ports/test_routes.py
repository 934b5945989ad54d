import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.ports.routes import answers, says_something
from opskit.ports.sightings import OPEN


@pytest.mark.parametrize(("route", "url"), [
    ("/api/auth/login", "/api/auth/login"), ("/api/auth/login", "/api/auth/login/"), ("/user/<int:id>", "/user/7"), ("/user/<id>/x", f"/user/{OPEN}/x"),
    ("/user/{id}", "/user/7"), ("/user/:id", f"/user/{OPEN}"), ("/files/<path:name>", "/files/a/b"), ("/files/{p:path}", "/files/a/b"),
    ("/api/*", "/api/x/y"), ("/user/:id", f"/user{OPEN}"), ("/api/post", f"{OPEN}/post"), (r"^/x$", "/x"), ("/x/:id?", "/x/3"),
])
def test_a_route_answers_the_path_of_a_client(route, url):
    assert answers(route, url)


@pytest.mark.parametrize(("route", "url"), [
    ("/api/auth/login", "/api/auth"), ("/user/<id>", "/user/7/x"), ("/user/<id>", "/users/7"), ("/a", "/b"), ("/api/:id", "/apix/3"),
    ("/user/<id>/x", f"/team/{OPEN}/x"), ("/", "/x"), ("/x/<id>", "/x"),
])
def test_a_route_does_not_answer_another_path(route, url):
    assert not answers(route, url)


SEGMENTS = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True), min_size=1, max_size=5)


@given(SEGMENTS, st.integers(0, 4))
def test_a_parameter_takes_any_one_segment(segments, at):
    route = list(segments)
    route[at % len(route)] = "<name>"
    assert answers("/" + "/".join(route), "/" + "/".join(segments))
    assert not answers("/" + "/".join(route), "/" + "/".join([*segments, "more"]))


@pytest.mark.parametrize(("url", "telling"), [("", False), ("/", False), (OPEN, False), (f"/{OPEN}", False), ("/x", True)])
def test_a_bare_address_tells_no_service_apart(url, telling):
    assert says_something(url) is telling
