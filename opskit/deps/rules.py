"""Packages that are imported and not declared; what is wrong with the declarations themselves stands in `declared`."""

from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from opskit.core.finding import Checked, Finding
from opskit.deps.declared import conflicts, unpinned, unreadable, unused
from opskit.deps.manifests import Shelf
from opskit.deps.names import Providers
from opskit.deps.sightings import Need, Sighted, look
from opskit.survey.survey import Survey


def check(survey: Survey, everything: bool = False) -> Checked:
    """Imports of the enabled services against their nearest manifests; `everything` takes the disabled ones too."""
    seen = look(survey, everything)
    findings = [*_undeclared(seen), *_unmanaged(seen)]
    for shelf in seen.used:
        findings += [*unreadable(shelf), *unpinned(shelf), *unused(survey, seen.manifests, shelf)]
    findings += conflicts(seen.used)
    once = {(f.code, f.place, f.message): f for f in findings}
    return Checked(tuple(once.values()), {"packages": _facts(seen, findings)}, seen.unresolved)


def _undeclared(seen: Sighted) -> Iterator[Finding]:
    for need in seen.needs:
        if need.status in ("missing", "along") and need.shelf is not None:
            yield _missing(need, need.shelf)


def _missing(need: Need, shelf: Shelf) -> Finding:
    first, target = need.imports[0], shelf.main.path
    label = need.providers.distributions[0] if need.providers.distributions else first.name
    data: dict[str, Any] = {
        "import": first.dotted,
        "distributions": list(need.providers.distributions),
        "manifest": target,
        "services": list(need.services),
        "certain": need.providers.certain,
    }
    also = tuple(i.place for i in need.imports[1:])
    if need.optional:
        return Finding(
            "OPS-K007",
            "note",
            f"{first.dotted} is imported if it is there, and {target} does not declare it",
            first.place,
            f"add {label} to {target} if the platform should have it",
            "none",
            harm=5,
            also=also,
            data=data,
        )
    if need.status == "along":
        return Finding(
            "OPS-K001",
            "note",
            f"{first.dotted} is imported and comes only along with {need.carrier}",
            first.place,
            f"nothing fails today; `opskit deps fix --review` adds {label} to {target}",
            "review",
            harm=6,
            also=also,
            data=data,
        )
    if not need.providers.certain:
        return Finding(
            "OPS-K001",
            "warning",
            f"{first.dotted} is imported, not declared, and no package is known for certain to provide it",
            first.place,
            _doubtful(need.providers, first.name, target),
            "none" if first.name.isupper() else "review",
            harm=45,
            also=also,
            data=data,
        )
    return Finding(
        "OPS-K001",
        "error",
        f"{first.dotted} is imported and {target} does not declare it",
        first.place,
        f"run `opskit deps fix` to add {label} to {target}",
        "safe",
        harm=62,
        also=also,
        data=data,
    )


def _doubtful(known: Providers, name: str, target: str) -> str:
    if known.how == "guess":
        page = f"pypi.org/project/{known.distributions[0]}"
        return f"if it is a file of yours, it is missing; if it is a package, look at {page} before you add it to {target}"
    either = " or ".join(known.distributions)
    return f"{either} provides `{name}`: look which you mean, then add it to {target} (or `opskit deps fix --review`)"


def _unmanaged(seen: Sighted) -> Iterator[Finding]:
    needs = [n for n in seen.needs if n.status == "unmanaged" and not n.optional]
    if not needs:
        return
    sure = [n for n in needs if n.providers.certain]
    first = min((n.imports[0] for n in needs), key=lambda i: i.place)
    names = ", ".join(n.name for n in needs[:6]) + (f" and {len(needs) - 6} more" if len(needs) > 6 else "")
    yield Finding(
        "OPS-K002",
        "error",
        f"no manifest declares what the services import: {names}",
        first.place,
        "run `opskit deps fix` to write requirements.txt",
        "safe" if sure else "review",
        harm=65,
        data={
            "packages": [
                {"import": n.imports[0].dotted, "distributions": list(n.providers.distributions), "certain": n.providers.certain}
                for n in needs
            ]
        },
    )


def _facts(seen: Sighted, findings: list[Finding]) -> list[dict[str, Any]]:
    """facts.packages: what is needed with its status, then what is declared and not needed."""
    told = [
        {
            "package": n.name,
            "ecosystem": "pypi",
            "manifest": n.shelf.main.path if n.shelf else None,
            "importers": sorted({i.place.path for i in n.imports}),
            "status": "optional" if n.optional and n.status != "declared" else n.status,
        }
        for n in seen.needs
    ]
    unused = {f.data["package"] for f in findings if f.code == "OPS-K006"}
    needed = {(canonicalize_name(d), n.shelf.folder) for n in seen.needs if n.shelf for d in (n.name, *n.providers.distributions)}
    for shelf in seen.used:
        told += [
            {
                "package": name,
                "ecosystem": "pypi",
                "manifest": shelf.main.path,
                "importers": [],
                "status": "unused" if name in unused else "declared",
            }
            for name in sorted(shelf.names)
            if (name, shelf.folder) not in needed
        ]
    return told
