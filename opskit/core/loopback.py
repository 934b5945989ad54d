"""Whether a host is this machine's loopback."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Of an address (an IPv6 one may name its zone or hold an IPv4 one) or of the names that RFC 6761 keeps for the loopback; no name
    is looked up."""
    try:
        parsed = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)
