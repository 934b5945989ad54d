"""A finding's name that stays put when lines move: what the baseline and SARIF know it by."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable

from opskit.core.finding import Finding


def fingerprints(findings: Iterable[Finding], source: Callable[[str, int], str], redact: Callable[[str], str]) -> list[str]:
    """One a finding, in order: of its code, file, the text of its line without white space, and which of equals it is.

    The text is redacted before it is hashed, so that no hash of a secret leaves the platform.
    """
    seen = Counter[str]()
    found = []
    for finding in findings:
        text = "".join(source(finding.place.path, finding.place.line).split()) if finding.place.line else finding.message
        key = "\0".join((finding.code, finding.place.path, redact(text)))
        seen[key] += 1
        found.append(hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "replace")).hexdigest()[:32])
    return found
