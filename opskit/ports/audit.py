"""Everything the room knows of one platform, joined once: claims, mentions with their meanings, and who should move."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

from opskit.ports.claims import Claim, claims_of, clashing, is_published, published_ports, servers, together
from opskit.ports.departed import departed, doubted
from opskit.ports.inside import copied_folders, meant_inside
from opskit.ports.meaning import Meaning, agreed, meaning
from opskit.ports.numbers import BROWSER_REFUSED
from opskit.ports.planner import Move, leavers, moves
from opskit.ports.sightings import named_ports, sightings
from opskit.ports.stated.every import stated
from opskit.ports.stated.identity import homes_of
from opskit.survey.survey import Survey

REGISTERED = 1_000_000
PAGES = (".html", ".htm", ".js", ".jsx", ".mjs", ".ts", ".tsx", ".vue", ".svelte")


@dataclass(eq=False)
class Audit:
    """`everything` lets disabled services and variants take part. Lazily computed, deterministic."""

    survey: Survey
    everything: bool = False

    @cached_property
    def known(self) -> tuple[Claim, ...]:
        """Every claim of the tree, also of what does not run."""
        return claims_of(servers(self.survey))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of those that run together."""
        return claims_of(together(self.survey, self.everything))

    @cached_property
    def meanings(self) -> tuple[Meaning, ...]:
        """Every mention that is not itself a bind, with the service that it means."""
        by_port = defaultdict[int, list[Claim]](list)
        for claim in self.known:
            if claim.protocol == "tcp":
                by_port[claim.port].append(claim)
        homes = {s.path: s for s in servers(self.survey)}
        spots = defaultdict[str, list[tuple[int, int]]](list)
        for bind in (b for c in self.known for b in c.binds if b.place.line):
            spots[bind.place.path].append((bind.place.start, bind.place.end))
        tree, left = self.survey.tree, departed(self.survey.manifest.ports, self.known)
        names = homes_of(self.survey)
        claimants = ((s, meant_inside(tree, names, s.place, by_port[s.port]), homes.get(s.place.path)) for s in sightings(tree))
        found = (
            doubted(tree, meaning(tree, s, among, home), left.get(s.port, []), home)
            for s, among, home in claimants
            if not any(start <= s.place.start < end for start, end in spots[s.place.path])
        )
        return agreed(tree, found)

    @cached_property
    def weights(self) -> Counter[tuple[str, int, str]]:
        """How many mentions mean a claim."""
        return Counter(m.claim.key for m in self.meanings if m.claim is not None and m.sighting.role != "doc")

    @cached_property
    def contained(self) -> frozenset[str]:
        """Services that an image or a manifest runs in a container of their own; nobody's once opskit.toml starts them in the open."""
        if self.survey.manifest.present or self.everything:
            return frozenset()
        return frozenset(e.service for e in stated(self.survey) if e.scope == "container" and e.kind in ("kubernetes", "dockerfile"))

    def is_inside(self, claim: Claim) -> bool:
        return claim.service.name in self.contained and not is_published(claim.bind)

    @cached_property
    def composed(self) -> frozenset[str]:
        """Services that a compose file runs: what they bind and it does not publish is nobody else's."""
        if self.survey.manifest.present or self.everything:
            return frozenset()
        return frozenset(homes_of(self.survey).compose.values())

    def _is_packed(self, claim: Claim) -> bool:
        """Whether a compose service publishes the same port from a folder that holds the service's own, or that its image copies:
        it runs in a container what is started here by hand."""
        if self.survey.manifest.present or self.everything:
            return False
        publishing = {c.service.name for c in self.claims if is_published(c.bind) and (c.port, c.protocol) == (claim.port, claim.protocol)}
        if not publishing:
            return False
        homes = homes_of(self.survey)
        copied = ((folder, homes.compose.get(name, name)) for folder, name in copied_folders(self.survey.tree))
        folders = (folder for folder, name in (*homes.contexts.items(), *copied) if folder and name in publishing)
        return any(claim.service.path.startswith(f"{folder}/") for folder in folders)

    @cached_property
    def inside(self) -> dict[tuple[int, str], list[Claim]]:
        """Services that would clash outside of their containers, and only there."""
        return {key: group for key, group in self._clashing.items() if all(map(self.is_inside, group))}

    @cached_property
    def clashes(self) -> dict[tuple[int, str], list[Claim]]:
        """Two different services that run together on one port. Variants of one service never do, until somebody enables both."""
        return {key: group for key, group in self._clashing.items() if key not in self.inside}

    @cached_property
    def _clashing(self) -> dict[tuple[int, str], list[Claim]]:
        found = clashing(c for c in self.claims if is_published(c.bind) or not (c.service.name in self.composed or self._is_packed(c)))
        if self.survey.manifest.present:
            both = {key: [c for c in group if c.service.enabled] for key, group in found.items()}
            return {key: group for key, group in found.items() if len({c.family for c in group}) > 1 or len(both[key]) > 1}
        return {key: group for key, group in found.items() if len({c.family for c in group}) > 1}

    @cached_property
    def shared(self) -> dict[tuple[int, str], list[Claim]]:
        """Ports that only the variants of one service hold."""
        looked = claims_of(servers(self.survey)) if self.everything or not self.survey.manifest.present else self.claims
        return {key: group for key, group in clashing(looked).items() if key not in self._clashing and len({c.family for c in group}) == 1}

    @cached_property
    def refused(self) -> tuple[Claim, ...]:
        """Claims on ports that browsers refuse."""
        return tuple(c for c in self.claims if c.protocol == "tcp" and c.port in BROWSER_REFUSED and c.port >= 1024)

    def in_pages(self, claim: Claim) -> list[Meaning]:
        """Mentions of a claim's port that a browser would follow."""
        return [
            m
            for m in self.meanings
            if m.claim is not None
            and m.claim.key == claim.key
            and m.sighting.role == "reference"
            and not m.sighting.comment
            and m.sighting.place.path.lower().endswith(PAGES)
        ]

    @cached_property
    def strayed(self) -> tuple[Claim, ...]:
        """Claims whose service has another port in ports.toml than in the code, which is free to take."""
        bound = {c.port for c in self.known}
        return tuple(c for c in self.differing if self.survey.manifest.ports[c.service.name].port not in bound)

    @cached_property
    def differing(self) -> tuple[Claim, ...]:
        """Claims whose service has another port in ports.toml than in the code."""
        registry = self.survey.manifest.ports
        return tuple(c for c in self.claims if c.main and (e := registry.get(c.service.name)) and e.port != c.port)

    @cached_property
    def fixed_places(self) -> frozenset[tuple[str, int]]:
        """Literals that more than one service takes its port from: editing one moves them all."""
        users = defaultdict[tuple[str, int], set[str]](set)
        for claim in self.known:
            for bind in claim.binds:
                users[bind.place.path, bind.place.start].add(claim.service.name)
        return frozenset(place for place, names in users.items() if len(names) > 1)

    def stuck(self, claim: Claim) -> str:
        """Why a claim cannot be moved by editing, "" where it can."""
        entry = self.survey.manifest.ports.get(claim.service.name)
        if entry is not None and entry.pinned and entry.port == claim.port:
            return f"{claim.service.name} is pinned to {claim.port} in ports.toml"
        for bind in claim.binds:
            if not bind.place.line:
                continue
            if not bind.editable and claim.service.language == "other" and not is_published(bind):
                return f"{bind.framework} is read by its common forms only; change it by hand at {bind.place}"
            if not bind.editable:
                how = f"set {bind.variable} in its environment" if bind.variable else f"change it by hand at {bind.place}"
                if bind.via == (f"the default of {bind.framework}",):
                    return f"no number stands in the code, {bind.via[0]} counts: write one, port=..., at {bind.place}"
                return f"the number does not stand alone in the code ({' -> '.join(bind.via) or bind.framework}); {how}"
            if (bind.place.path, bind.place.start) in self.fixed_places:
                return f"other services take their port from the same number at {bind.place}"
        return ""

    def order(self, group: list[Claim]) -> list[Claim]:
        """Who leaves a contested port."""
        return leavers(group, lambda c: bool(self.stuck(c)), self.hold)

    def hold(self, claim: Claim) -> int:
        """How much keeps a claim where it is: a line in ports.toml more than any number of mentions."""
        entry = self.survey.manifest.ports.get(claim.service.name)
        return self.weights[claim.key] + (REGISTERED if entry is not None and entry.port == claim.port else 0)

    def moves(self, leaving: list[Claim]) -> tuple[Move, ...]:
        mentioned = {s.port for s in sightings(self.survey.tree)} | {c.port for c in self.known}
        mentioned |= {e.port for e in self.survey.manifest.services.values() if e.port}
        mentioned |= {port for service in servers(self.survey) for port in published_ports(service)}
        mentioned |= {e.port for e in stated(self.survey)} | (named_ports(self.survey.tree) if leaving else set())
        return moves(leaving, mentioned, {c.port for c in self.known}, self.survey.manifest.ports)

    @cached_property
    def planned(self) -> tuple[Move, ...]:
        """Every move that would end every clash, refusal and disagreement, in a fixed order."""
        leaving = dict[tuple[str, int, str], Claim]()
        contested = {**self.clashes, **(self.shared if self.everything else {})}
        for _, group in sorted(contested.items()):
            leaving |= {c.key: c for c in self.order(group)}
        leaving |= {c.key: c for c in (*self.refused, *self.strayed)}
        return self.moves([c for c in leaving.values() if not self.stuck(c)])


@lru_cache(maxsize=4)
def audit_of(survey: Survey, everything: bool = False) -> Audit:
    """One audit a survey, so that rules and fix share what was read."""
    return Audit(survey, everything)
