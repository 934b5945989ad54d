"""All that files state, each port once a place, and the places that were not understood."""

from functools import lru_cache

from opskit.core.finding import Unresolved
from opskit.ports.stated import (
    addresses,
    composed,
    configured,
    images,
    kubernetes,
    languages,
    netlify,
    nginx,
    nx,
    scripts,
    units,
    unparsed,
    workflows,
)
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.identity import homes_of
from opskit.survey.compose import compose_services
from opskit.survey.survey import Survey


@lru_cache(maxsize=4)
def stated(survey: Survey) -> tuple[Stated, ...]:
    """In the order of files and places."""
    tree, homes, names = survey.tree, homes_of(survey), compose_names(survey)
    said = (
        *kubernetes.stated(tree, homes.known),
        *images.stated(tree, homes),
        *composed.stated(tree, names),
        *nginx.stated(tree, homes),
        *units.stated(tree, homes),
        *scripts.stated(tree, homes),
        *netlify.stated(tree),
        *workflows.stated(tree),
        *languages.stated(tree, homes),
        *configured.stated(tree, homes),
        *nx.stated(tree, homes),
        *unparsed.stated(survey),
    )
    asked = addresses.stated(tree, homes.known, names, said)
    found = {(each.place, each.port, each.role, each.service): each for each in (*said, *asked)}
    return tuple(sorted(found.values(), key=lambda e: (e.place, e.port, e.role)))


def compose_names(survey: Survey) -> dict[str, str]:
    """What a compose file calls a service, with the platform's own name for it."""
    by_place = {(b.place.path, b.place.start): s.name for s in survey.services for b in s.binds if b.framework == "compose"}
    return {
        service.name: name
        for service in compose_services(survey.tree)
        for bind in service.ports
        if (name := by_place.get((bind.place.path, bind.place.start))) is not None
    }


def unread(survey: Survey) -> tuple[Unresolved, ...]:
    """Manifests that are not YAML even when their templates are taken for words."""
    return tuple(
        Unresolved(place, "a Kubernetes manifest that cannot be read: its template is more than plain")
        for place in kubernetes.manifests(survey.tree).unread
    )
