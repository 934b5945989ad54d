"""Every parameter of every modelled operation: what is unknown, missing or of another type is refused as Stripe refuses it.

What there is to try is derived from the SDK's TypedDicts at run time; the engine reads the same package as syntax.
"""

import typing
from decimal import Decimal

import pytest
import typing_extensions
from hypothesis import event, given, settings
from hypothesis import strategies as st

from opskit.sandbox.stripe.resources import EMPTIED, HANDLERS
from opskit.sandbox.stripe.spec.library import Library
from opskit.sandbox.stripe.wire.form import name_of
from tests.sandbox.asking import Caller, filled
from tests.sandbox.sdk_types import fields, object_class, params_class, record

OPERATIONS = {each.route: each for each in Library().operations if each.route in HANDLERS}
SIMPLE = {str: "text", int: 7, bool: True, float: 1.5, Decimal: Decimal("12.5")}
WRONG = {int: ("12x", "parameter_invalid_integer"), bool: ("maybe", ""), float: ("long", ""), Decimal: ("1.x", "")}


def shape(hint):
    """(what, inner): `plain` with its type, enum with its values, record with its class, array, map, or several alternatives."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Literal, typing_extensions.Literal):
        return "enum", [value for value in args if value != ""]
    if origin is typing.Union or isinstance(hint, typing.ForwardRef) or str(origin) == "<class 'types.UnionType'>":
        kinds = [shape(arg) for arg in args if arg != typing.Literal[""] and "UntypedStripeObject" not in str(arg)]
        enums = [value for what, inner in kinds if what == "enum" for value in inner]
        rest = [(what, inner) for what, inner in kinds if what != "enum" and not (enums and inner is str)]
        both = ([("enum", enums)] if enums else []) + rest
        return both[0] if len(both) == 1 else ("several", both)
    if origin is list:
        return "array", args[0]
    if origin is dict:
        return "map", args[1]
    return ("record", hint) if typing_extensions.is_typeddict(hint) else ("plain", hint)


def nullable(hint):
    return any(arg == typing.Literal[""] or nullable(arg) for arg in typing.get_args(hint) if typing.get_origin(hint) is not dict
               and typing.get_origin(hint) is not list and typing.get_origin(hint) is not typing.Literal) or hint == typing.Literal[""]


def sample(hint):
    what, inner = shape(hint)
    if what == "several":
        what, inner = inner[0]
    if what == "record":
        every = list(fields(inner))  # where nothing is required the first, since a form cannot hold an empty object
        return {name: sample(each) for name, each, _ in [place for place in every if place[2]] or every[:1]}
    return {"array": lambda: [sample(inner)], "map": lambda: {"usd": sample(inner)}, "enum": lambda: inner[0], "plain": lambda: SIMPLE[inner]}[what]()


def places(cls, path=()):
    """(path, hint, required) of each parameter, at every depth; an array's element stands at "0", a map's at "usd"."""
    for name, hint, required in fields(cls):
        yield (*path, name), hint, required
        inner, here = hint, (*path, name)
        while shape(inner)[0] in ("array", "map"):
            here, inner = (*here, "0" if shape(inner)[0] == "array" else "usd"), shape(inner)[1]
        for what, each in shape(inner)[1] if shape(inner)[0] == "several" else [shape(inner)]:
            if what == "record":
                yield from places(each, here)


def around(cls, path):
    """A request in which everything required on the way to `path` is there and right, and the dict that holds its last step."""
    request = {name: sample(hint) for name, hint, required in fields(cls) if required}
    here, hint = request, cls
    for step in path[:-1]:
        what, inner = shape(hint)
        if what == "several":
            what, inner = next(each for each in inner if each[0] in ("record", "array", "map"))
        hint = {name: each for name, each, _ in fields(inner)}[step] if what == "record" else inner
        fresh = sample(hint) if not isinstance(sample(hint), list) else {"0": sample(hint)[0]}
        if not isinstance(here.get(step), dict):
            here[step] = fresh if isinstance(fresh, dict) else {}
        here = here[step]
    return request, here


@pytest.fixture(scope="module")
def caller(stripe_library):
    return Caller(stripe_library)


def asked(caller, route, params):
    method, path = route.split(" ")
    status, body = caller.ask(method, path.replace("{", "").replace("}", ""), params)
    return status, body.get("error", {})


@pytest.mark.parametrize("route", OPERATIONS)
def test_an_unknown_parameter_is_refused_at_every_depth(caller, route):
    cls = params_class(OPERATIONS[route])
    for path in {(*path[:-1], "zz_unknown") for path, _, _ in places(cls)}:
        request, here = around(cls, path)
        here["zz_unknown"] = "1"
        status, error = asked(caller, route, request)
        assert (status, error.get("code"), error.get("param")) == (400, "parameter_unknown", name_of(path)), (path, request, error)


@pytest.mark.parametrize("route", OPERATIONS)
def test_a_required_parameter_is_missed_at_every_depth(caller, route):
    cls = params_class(OPERATIONS[route])
    for path, _, _ in [place for place in places(cls) if place[2]]:
        request, here = around(cls, path)
        here.pop(path[-1], None)
        if not here and len(path) > 1:
            continue  # an empty object cannot be written in a form
        status, error = asked(caller, route, request)
        assert (status, error.get("code"), error.get("param")) == (400, "parameter_missing", name_of(path)), (path, request, error)


@pytest.mark.parametrize("route", OPERATIONS)
def test_a_value_of_another_type_is_refused_at_every_depth(caller, route):
    cls = params_class(OPERATIONS[route])
    for path, hint, _ in places(cls):
        for value, code in wrong(hint):
            request, here = around(cls, path)
            here[path[-1]] = value
            status, error = asked(caller, route, request)
            assert status == 400 and error["type"] == "invalid_request_error", (path, value, error)
            assert error["param"].startswith(name_of(path)) and error.get("code", "") == code, (path, value, error)


@pytest.mark.parametrize("route", OPERATIONS)
def test_an_empty_value_is_refused_where_nothing_can_be_unset(caller, route):
    cls = params_class(OPERATIONS[route])
    for path, _, _ in [place for place in places(cls) if not nullable(place[1])]:
        request, here = around(cls, path)
        here[path[-1]] = ""
        status, error = asked(caller, route, request)
        if name_of(path) in EMPTIED.get(route, ()):
            assert error.get("code") != "parameter_invalid_empty"
        else:
            assert (status, error.get("code"), error.get("param")) == (400, "parameter_invalid_empty", name_of(path)), (path, error)


def wrong(hint):
    """Values that no alternative of the type takes, each with the code of its refusal ("" where Stripe documents none)."""
    what, inner = shape(hint)
    if what == "several":
        return [] if any(each is str for _, each in inner) else [("zz", "parameter_invalid_integer" if ("plain", int) in inner else "")]
    if what == "plain":
        return [WRONG[inner]] if inner in WRONG else [({"zz": "1"}, "")]
    return [("zz", "")] + ([({"zz": "1"}, "")] if what in ("enum", "array") else [])


@pytest.fixture(scope="module")
def lived(stripe_library):
    """A caller with one object of each kind, and the id of each by the path it is found under."""
    caller = Caller(stripe_library)
    made = {path: caller.ask("POST", path, params)[1]["id"] for path, params in (
        ("/v1/products", {"id": "prod_1", "name": "One"}), ("/v1/customers", {"email": "a@b.co"}),
        ("/v1/prices", {"product": "prod_1", "currency": "usd", "unit_amount": 1, "recurring": {"interval": "month"}}),
        ("/v1/plans", {"product": "prod_1", "currency": "usd", "amount": 1, "interval": "month"}),
        ("/v1/webhook_endpoints", {"url": "https://example.com", "enabled_events": ["*"]}), ("/v1/coupons", {"id": "TEN", "percent_off": 10}),
        ("/v1/promotion_codes", {"promotion": {"type": "coupon", "coupon": "TEN"}}),
        ("/v1/tax_rates", {"display_name": "VAT", "inclusive": True, "percentage": 21}),
    )}
    held = f"/v1/customers/{made['/v1/customers']}"
    made[f"{held}/sources"] = caller.ask("POST", f"{held}/sources", {"source": "tok_visa"})[1]["id"]
    funded = caller.ask("POST", f"{held.replace('/v1', '/v1/test_helpers')}/fund_cash_balance", {"amount": 7, "currency": "usd"})[1]
    made[f"{held}/cash_balance_transactions"] = funded["id"]
    made["/v1/events"] = caller.ask("GET", "/v1/events")[1]["data"][0]["id"]
    made["/v1/accounts"] = caller.ask("GET", "/v1/account")[1]["id"]
    return caller, made


@settings(max_examples=80, deadline=None)
@given(data=st.data(), route=st.sampled_from(sorted(route for route in OPERATIONS if not route.startswith("DELETE"))))
def test_whatever_is_asked_the_answer_is_an_object_or_an_error_of_the_api(lived, data, route):
    """Parameters of the right types and random values: accepted in the SDK's shape, or refused with a message that names one."""
    caller, made = lived
    wanted = {name: values(hint) for name, hint, required in fields(params_class(OPERATIONS[route])) if required}
    others = {name: values(hint) for name, hint, required in fields(params_class(OPERATIONS[route])) if not required and name != "expand"}
    request = data.draw(st.fixed_dictionaries(wanted, optional=others))
    method, path = route.split(" ")
    status, body = caller.ask(method, filled(path, made), request)
    event(f"{route} {status}")
    if status == 200:
        items = body["data"] if body["object"] == "list" else [body]
        assert [each for item in items for each in record(item, object_class(item["object"]))] == []
    else:
        assert status in (400, 402, 403, 404, 501) and body["error"]["message"]


def values(hint, depth=0):
    what, inner = shape(hint)
    if what == "several":
        return st.one_of([values_of(each, depth) for each in inner])
    return values_of((what, inner), depth)


def values_of(kind, depth):
    what, inner = kind
    if what == "record":
        return st.fixed_dictionaries({name: values(hint, depth + 1) for name, hint, required in fields(inner) if required},
                                     optional={name: values(hint, depth + 1) for name, hint, required in fields(inner) if not required})
    if what == "array":
        return st.lists(values(inner, depth + 1), max_size=3)
    if what == "map":
        return st.dictionaries(st.sampled_from(["usd", "eur", "jpy", "k"]), values(inner, depth + 1), max_size=3)
    if what == "enum":
        return st.sampled_from(inner)
    return {str: st.one_of(st.text(max_size=12), st.sampled_from(["usd", "a@b.co", "prod_1", "inf", "http://127.0.0.1:1/x"])),
            int: st.integers(-10, 10**12), bool: st.booleans(), float: st.floats(0, 100), Decimal: st.decimals(0, 10**6, places=3)}[inner]
