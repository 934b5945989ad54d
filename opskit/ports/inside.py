"""Mentions that speak of the inside of a container: a compose service's command and health check, and what a Dockerfile says."""

from collections.abc import Iterable, Iterator

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.claims import Claim, is_published
from opskit.ports.stated.dockerfiles import dockerfiles, sources
from opskit.ports.stated.identity import Homes
from opskit.source.yaml_text import read_yaml
from opskit.survey.compose import compose_services
from opskit.survey.composition import projects

RUN_INSIDE = ("command", "entrypoint", "healthcheck")


def meant_inside(tree: Tree, homes: Homes, place: Place, claimants: Iterable[Claim]) -> list[Claim]:
    """Of those who claim the port the ones that a mention here may mean: inside of a container `localhost` is the container
    itself, so never what a compose file publishes, and in a compose file nobody but the service that it stands in."""
    if place.path in tree.computed(_images):
        return [c for c in claimants if not is_published(c.bind)]
    within = next((name for start, end, name in tree.computed(_spans).get(place.path, ()) if start <= place.start < end), "")
    if not within:
        return list(claimants)
    own = homes.compose.get(within, within)
    return [c for c in claimants if not is_published(c.bind) and c.service.name == own]


def _images(tree: Tree) -> frozenset[str]:
    return frozenset(dockerfiles(tree))


def _spans(tree: Tree) -> dict[str, list[tuple[int, int, str]]]:
    """By compose file: from where to where a service says what runs inside of it."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for path in projects(tree):
        document = tree.parsed(path, read_yaml)
        for name, body in document.table("services").items() if document else ():
            said = (body.at(key) for key in RUN_INSIDE)
            found.setdefault(path, []).extend((each.start, each.end, name) for each in said if each is not None)
    return found


def copied_folders(tree: Tree) -> Iterator[tuple[str, str]]:
    """(folder of the tree, compose service) of what the Dockerfile of a service copies into its image."""
    for service in compose_services(tree):
        if service.file and service.root:
            yield from ((source, service.name) for source in sources(tree, service.file) if source in tree.folders)
