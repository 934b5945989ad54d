"""How far the readers agree with the truth of the platforms: recall and precision of each kind of fact.

    python -m tests.platforms.score
"""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from opskit.core.tree import Tree
from opskit.deps import rules as deps
from opskit.survey.facts import Service
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey
from tests.platforms.loader import NAMES, load


@dataclass(frozen=True)
class Score:
    """`missed` and `false` are what was not found, and what was found and is not so."""

    platform: str
    kind: str
    wanted: int
    missed: tuple[object, ...]
    false: tuple[object, ...]

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        found = self.wanted - len(self.missed) + len(self.false)
        return 1 - len(self.false) / found if found else 1.0


def scores(name: str) -> list[Score]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / name
        truth = load(name, root, git=True)
        survey = Survey(Tree(root), read_manifest(root))
        return [_compare(name, *row) for row in (*_services(truth, survey), *_variables(truth, survey), *_binds(truth, survey), _packages(truth, survey))]


def _compare(platform: str, kind: str, wanted: set[object], found: set[object], tolerated: set[object]) -> Score:
    return Score(platform, kind, len(wanted), tuple(sorted(wanted - found, key=str)), tuple(sorted(found - wanted - tolerated, key=str)))


def _services(truth: dict, survey: Survey) -> Iterable[tuple[str, set, set, set]]:
    told = [s for s in truth["services"] if s["kind"] != "script"]
    paths = {s["path"] for s in told}
    seen = [s for s in survey.seen if s.kind != "script"]
    infrastructure = {(i["file"], p, q) for i in truth.get("infrastructure", ()) for p, q in i["ports"]}
    yield "services", paths, {_where(s) for s in seen}, {i["file"] for i in truth.get("infrastructure", ())}
    ports = {(s["path"], port, protocol) for s in told for port, protocol in s["ports"]}
    tolerated = {(s["path"], port, protocol) for s in told for port, protocol in s.get("tolerated_ports", ())} | infrastructure
    yield "ports", ports, {(_where(s), b.port, b.protocol) for s in seen for b in s.binds if b.port}, tolerated
    routes = {(s["path"], m, _plain(r)) for s in told for m, r in s["routes"] if s["path"] in {x.path for x in seen} and m != "WS"}
    loose = {(s["path"], _plain(r[1])) for s in told for r in [*s.get("tolerated_routes", ()), *s["routes"]]}
    found = {(s.path, "ANY" if r.method == "*" else r.method, _plain(r.route)) for s in seen for r in s.routes if s.path in paths}
    yield "routes", routes, found, {f for f in found if (f[0], f[2]) in loose}


def _binds(truth: dict, survey: Survey) -> Iterable[tuple[str, set, set, set]]:
    """Of the services that are found: which variable moves a port, what makes one dangerous; reads without a name."""
    told = {s["path"]: s for s in truth["services"] if s["kind"] != "script"}
    seen = [s for s in survey.seen if s.path in told]
    moved = {(s.path, b.variable) for s in seen for b in s.binds if b.variable and b.framework != "compose"}
    yield "port variables", {(path, s["variable"]) for path, s in told.items() if s["variable"]}, moved, set()
    yield "dangers", {(path, s["danger"]) for path, s in told.items() if s["danger"]}, {(s.path, d.kind) for s in seen for d in s.dangers}, set()
    either = {(u["path"], u["line"]) for u in truth.get("unresolved", ()) if u.get("either")}
    nameless = {(u["path"], u["line"]) for u in truth.get("unresolved", ())} - either
    found = {(u.place.path, u.place.line) for u in survey.unresolved if "environment variable" in u.what}
    yield "nameless reads", nameless, found, either


def _where(service: Service) -> str:
    """What only an image holds has no file of its own: the file that declares it stands for it."""
    return service.path or service.declared_in


def _plain(route: str) -> str:
    """Parameters of any framework look alike; a trailing prefix mark and slash do not count."""
    return re.sub(r"<[^>]*>|\{[^}]*\}|:\w+|\[\w+\]", "{}", route).rstrip("*").rstrip("/") or "/"


def _variables(truth: dict, survey: Survey) -> Iterable[tuple[str, set, set, set]]:
    names = {v["name"] for v in truth["variables"]}
    yield "variables", names, {r.name for r in survey.reads}, set()
    judged = {v["name"]: v["required"] for v in truth["variables"] if v["required"] is not None}
    seen = {r.name for r in survey.reads} & set(judged)
    required = {name for name in seen if all(r.required for r in survey.reads if r.name == name)}
    yield "required", {name for name in seen if judged[name]}, required, set()


def _packages(truth: dict, survey: Survey) -> tuple[str, set, set, set]:
    wanted = {p["distribution"].lower() for p in truth["missing_packages"] if not str(p["manifest"]).endswith("package.json")}
    others = {o.lower() for p in truth["missing_packages"] for o in p.get("also", ())}
    checked = deps.check(survey, True)
    found = {p["package"].lower() for p in checked.facts["packages"] if p["status"] == "missing"}
    renamed = {p["distribution"].lower() for p in truth["missing_packages"] if {o.lower() for o in p.get("also", ())} & found}
    return "missing packages", wanted - renamed, found - others, set()


def main() -> None:
    for name in NAMES:
        for score in scores(name):
            print(f"{score.platform:10}{score.kind:18}{score.wanted:4} wanted  recall {score.recall:.2f}  precision {score.precision:.2f}")
            for word, rows in (("missed", score.missed), ("false", score.false)):
                for row in rows:
                    print(f"{'':12}{word}: {row}")


if __name__ == "__main__":
    main()
