"""Mentions of a port that a service has left: nobody can tell by the number alone that they mean the one that stayed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from opskit.core.tree import Tree
from opskit.ports.claims import Claim
from opskit.ports.meaning import Meaning, meaning
from opskit.survey.facts import Service
from opskit.survey.manifest import RegistryEntry

MOVED = re.compile(r"moved from (\d{1,5})\b")


def departed(registry: Mapping[str, RegistryEntry], known: Iterable[Claim]) -> dict[int, list[Claim]]:
    """By the port that ports.toml says they moved from: the claims of those who are elsewhere now."""
    found = defaultdict[int, list[Claim]](list)
    for claim in known:
        entry = registry.get(claim.service.name)
        left = MOVED.match(entry.why) if entry is not None and claim.main and claim.protocol == "tcp" else None
        if left and int(left[1]) != claim.port:
            found[int(left[1])].append(replace(claim, port=int(left[1])))
    return dict(found)


def doubted(tree: Tree, told: Meaning, left: list[Claim], home: Service | None) -> Meaning:
    """A mention that only its number gives to the one that stayed is ambiguous still; what its path, its file or a name says holds."""
    if told.evidence != "sole" or not left:
        return told
    again = meaning(tree, told.sighting, (*told.claimants, *left), home)
    gone = {claim.key for claim in left}
    if again.claim is not None and again.claim.key not in gone:
        return again
    names = ", ".join(sorted(claim.service.name for claim in left))
    why = f"{again.why}; {names} moved away from port {told.sighting.port}"
    return replace(again, claim=None, why=why, evidence="")
