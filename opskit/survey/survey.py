"""The survey: every fact lazily, once. Rooms take it as a value and never look at the disk themselves."""

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.survey.manifest import Manifest

if TYPE_CHECKING:
    from opskit.survey.facts import EnvRead, Service


class Survey:
    """Facts of one platform in one run. `manifest` is what opskit.toml says; hand edits there win over what was seen."""

    def __init__(self, tree: Tree, manifest: Manifest) -> None:
        self.tree, self.manifest = tree, manifest

    @cached_property
    def seen(self) -> "tuple[Service, ...]":
        """Services as the code shows them, before opskit.toml has its say."""
        from opskit.survey.services import find_services

        return find_services(self.tree)

    @cached_property
    def services(self) -> "tuple[Service, ...]":
        """Services as opskit.toml has them: its names, commands and `enabled`; unseen ones by their command alone."""
        from opskit.survey.overlay import overlaid

        return overlaid(self.seen, self.manifest, self.tree)

    @cached_property
    def reads(self) -> "tuple[EnvRead, ...]":
        """Every read of an environment variable in the tree, Python and JavaScript."""
        from opskit.survey.reads import find_reads

        return find_reads(self.tree)

    @cached_property
    def unresolved(self) -> tuple[Unresolved, ...]:
        """What no reader understood, with its place."""
        from opskit.survey.services import find_unresolved

        return (*self.tree.unresolved, *find_unresolved(self.tree))

    def running(self, everything: bool = False) -> "tuple[Service, ...]":
        """Servers and workers that `up` would run; with `everything` the disabled ones too."""
        return tuple(s for s in self.services if s.kind in ("server", "worker") and (s.enabled or everything))

    def named(self, name: str) -> "Service | None":
        return next((replace(s) for s in self.services if s.name == name), None)
