"""Hosts of webhooks' URLs, as they come from files and flags."""

import pytest

from opskit.stripe.hosts import host_fault, url_fault
from opskit.stripe.reading import read_catalogue


@pytest.mark.parametrize("host", ["shop.example", "shop.example:8443", "localhost", "127.0.0.1:8888", "[::1]:80", "xn--mnchen-3ya.example", "a_b.example", "A.b"])
def test_what_can_be_a_host(host):
    assert host_fault(host) == ("", "") and url_fault(f"https://{host}/x?y#z") == ("", "")


@pytest.mark.parametrize(("host", "mend"), [
    ("https://shop.example", "write shop.example:"), ("shop.example/", "write shop.example:"), ("shop.example/path", "write shop.example:"),
    ("münchen.example", "write xn--mnchen-3ya.example"), ("a b", "such as"), ("x..y", "such as"), ("-", "such as"), ("shop.example:99999", "such as"),
    ("a" * 300, "such as"), ("ü" * 300, "such as"), (" ", "such as"),
], ids=str)
def test_what_cannot_is_told_with_what_can(host, mend):
    assert mend in host_fault(host)[1]


@pytest.mark.parametrize(("text", "told"), [
    ("domain: https://shop.example", "`https://shop.example` is no host"), ("domain: shop.example/", "is no host"),
    ("webhooks: {m: {url: 'https://x..y/z', events: [invoice.paid], env: S}}", "has a host that is no host"),
    ("webhooks: {m: {url: 'https://{domain}:8443/z', events: [invoice.paid], env: S}}", None),
    ("webhooks: {m: {url: 'https://{other}/z', events: [invoice.paid], env: S}}", "another brace"),
])
def test_stripe_yaml_tells_it_at_its_line(text, told):
    faults = read_catalogue("stripe.yaml", f"version: 1\n{text}\n".encode())[1]
    assert [fault.place.line for fault in faults] == [2] * bool(told) and all(told in fault.message for fault in faults)
