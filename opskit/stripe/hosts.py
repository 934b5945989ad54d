"""Whether a name can be the host of a webhook's URL (RFC 1123 labels, an address, a port)."""

import re

LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST = re.compile(rf"(?:{LABEL}(?:\.{LABEL})*\.?|\[[0-9a-f:.]{{2,45}}\])(?::([0-9]{{1,5}}))?", re.I)
URL = re.compile(r"https?://(?:[^\s/?#@]*@)?([^\s/?#@]+)(?:[/?#]\S*)?")
LONGEST, PORTS = 253, range(1, 65536)


def host_fault(host: str) -> tuple[str, str]:
    """(what is wrong, how to write it), ("", "") where nothing is."""
    found = HOST.fullmatch(host)
    if found is not None and len(host) <= LONGEST and int(found[1] or 1) in PORTS:
        return "", ""
    if not host.isascii() and (plain := _ascii(host)):
        return "is not how a host is sent", f"write {plain}"
    bare = re.sub(r"^[a-z]+:/*", "", host.strip(), flags=re.I).partition("/")[0]
    meant = bare != host and HOST.fullmatch(bare)
    return "is no host", f"write {bare}: the path belongs into the webhook's url" if meant else "write one such as shop.example"


def url_fault(url: str) -> tuple[str, str]:
    """The same of a webhook's URL."""
    found = URL.fullmatch(url)
    if found is None:
        return "is no URL", "write `url: https://{domain}/path`"
    why, mend = host_fault(found[1])
    return (f"has a host that {why}", mend) if why else ("", "")


def _ascii(host: str) -> str:
    """As browsers and DNS have it (`xn--...`), "" where it cannot be."""
    try:
        plain = host.encode("idna").decode()
    except UnicodeError:
        return ""
    return plain if HOST.fullmatch(plain) else ""
