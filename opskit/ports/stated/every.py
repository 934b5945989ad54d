"""All that files state, each port once a place, and the places that were not understood."""

from functools import lru_cache

from opskit.core.finding import Unresolved
from opskit.ports.stated import (
    addresses,
    composed,
    configured,
    given,
    images,
    kubernetes,
    kustomize,
    languages,
    launchers,
    listeners,
    netlify,
    nginx,
    nx,
    orchestrators,
    processes,
    scripts,
    units,
    unparsed,
    unsaid,
    workflows,
)
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.identity import homes_of
from opskit.survey.survey import Survey


@lru_cache(maxsize=4)
def stated(survey: Survey) -> tuple[Stated, ...]:
    """In the order of files and places."""
    tree, homes = survey.tree, homes_of(survey)
    said = (
        *kubernetes.stated(tree, homes),
        *kustomize.stated(tree, kubernetes.Naming(tree, homes)),
        *images.stated(tree, homes),
        *composed.stated(tree, homes.compose),
        *nginx.stated(tree, homes),
        *listeners.stated(tree, homes),
        *units.stated(tree, homes),
        *scripts.stated(tree, homes),
        *scripts.composer(tree, homes),
        *launchers.stated(tree, homes),
        *processes.stated(tree, homes),
        *netlify.stated(tree),
        *workflows.stated(tree),
        *languages.stated(tree, homes),
        *configured.stated(tree, homes),
        *nx.stated(tree, homes),
        *orchestrators.stated(tree, homes),
        *unparsed.stated(survey),
    )
    said = (*said, *unsaid.stated(tree, homes, said))
    handed = tuple(given.stated(tree, homes, said))
    said = (*given.replaced(said, handed), *handed)
    asked = addresses.stated(tree, homes, said)
    found = {(each.place, each.port, each.role, each.service): each for each in (*said, *asked)}
    return tuple(sorted(found.values(), key=lambda e: (e.place, e.port, e.role)))


def unread(survey: Survey) -> tuple[Unresolved, ...]:
    """Manifests that are not YAML even when their templates are taken for words, and variables that nothing sets."""
    bad = "a Kubernetes manifest that cannot be read: its template is more than plain"
    told = (Unresolved(place, bad) for place in kubernetes.manifests(survey.tree).unread)
    return (*told, *nginx.unread(survey.tree, homes_of(survey)))
