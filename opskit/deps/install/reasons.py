"""What an installer's output means, in one line: uv's and pip's own words, as their current versions print them."""

import re
from dataclasses import dataclass

UNREACHABLE = re.compile(
    r"dns error|failed to lookup address|error sending request|tcp connect error|Connection refused|Connection reset"
    r"|Name or service not known|Temporary failure in name resolution|NewConnectionError|Max retries exceeded|ConnectTimeout"
    r"|Network is unreachable|network connectivity is disabled|Read timed out|operation timed out|ProxyError|Could not connect"
    r"|SSLError|invalid peer certificate",
    re.I,
)
GONE = re.compile(
    r"no version of|Could not find a version|No matching distribution|there (?:is|are) no (?:version|compatible)|not available at", re.I
)
UNKNOWN = re.compile(
    r"was not found in the (?:package registry|provided package locations)|404 Client Error|HTTP status client error \(404",
    re.I,
)
OTHER_PYTHON = re.compile(
    r"(?:requires? (?:a different )?Python|Requires-Python|does not satisfy Python|depends on Python|current Python version)", re.I
)
NO_WHEEL = re.compile(
    r"no wheels? (?:with|are available|for)|no usable wheels|has no wheels|building source distributions is disabled|only-binary", re.I
)
BUILD = re.compile(
    r"Failed to (?:download and )?build|Failed building wheel|build backend returned an error|subprocess-exited-with-error"
    r"|metadata-generation-failed|Call to `",
    re.I,
)
NONE = re.compile(r"\(from versions: none\)")
CLASH = re.compile(r"ResolutionImpossible|conflicting dependencies|are incompatible|are unsatisfiable|conflict is caused", re.I)
FULL = re.compile(r"No space left on device", re.I)
PYTHON = re.compile(r"Python\s*([<>=!~]=?\s*[\d.*]+(?:,\s*[<>=!~]=?\s*[\d.*]+)*)|not in '([^']+)'")


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` finishes the sentence "X could not be installed: ...", `mend` is what to do."""

    text: str
    mend: str


def is_unreachable(output: str) -> bool:
    return bool(UNREACHABLE.search(output)) and not BUILD.search(output)


def is_full(output: str) -> bool:
    return bool(FULL.search(output))


def reason_of(output: str, line: str, specifier: str, python: str) -> Reason:
    """Why one requirement alone, or on top of those that went in, failed. `line` as it was asked for."""
    flat = re.sub(r"[\s│╰─▶├×]+", " ", output)
    bare = re.split(r"[<>=!~;@ ]", line)[0]
    if BUILD.search(flat):
        wheel = f"loosen {line} to a version with a wheel for Python {python}, or " if specifier else ""
        return Reason(f"no wheel for Python {python}, and its build failed: {_last_words(output)}", f"{wheel}install what its build needs")
    if OTHER_PYTHON.search(flat) and (asked := PYTHON.search(flat)):
        return Reason(
            f"it wants Python {asked[1] or asked[2]}, this is {python}", f"loosen {line}, or give the service `python` in opskit.toml"
        )
    if NO_WHEEL.search(flat):
        return Reason(f"no wheel for Python {python}", f"loosen {line}")
    if UNKNOWN.search(flat):
        return Reason(
            "the index knows no such package", f"correct the name, or name the index that has {bare} in the manifest (--extra-index-url)"
        )
    if NONE.search(flat):
        return Reason(f"the index has nothing of that name for Python {python}", f"correct the name, or loosen {line}")
    if GONE.search(flat):
        return Reason("there is no such version", f"loosen {line} to a version that the index has")
    if CLASH.search(flat):
        return Reason(f"it cannot stand beside the others: {_last_words(output)}", f"loosen {line}, or the one it clashes with")
    return Reason(_last_words(output), f"try `{line}` by hand")


def _last_words(output: str) -> str:
    """The last line that says something, cut to a readable length."""
    if because := re.search(r"Because (.+?),? we can conclude", re.sub(r"\s+", " ", output)):
        output = f"because {because[1]}"
    lines = [re.sub(r"^[\s│╰─▶├×>]*(?:(?:ERROR|error|cause|hint|note):\s*)?", "", raw).strip() for raw in output.splitlines()]
    telling = [
        t
        for t in lines
        if re.search(r"error|fail|because|missing|not found|cannot|conflict", t, re.I)
        and not t.startswith(("[notice]", "hint"))
        and "for help visit" not in t
    ]
    words = (telling or [t for t in lines if t] or ["the installer gave no reason"])[-1]
    return words if len(words) <= 160 else words[:157] + "..."
