"""From findings to a plan: each file's paths rewritten as one group by the fixer of its language, the roots kept. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from opskit.core.change import FileEdit, Plan
from opskit.core.finding import Checked, Finding, Skipped
from opskit.core.place import Place
from opskit.paths.facts import How, Rewritten, Sighting
from opskit.paths.javascript_fix import rewrite_javascript
from opskit.paths.judge import Judged, Paths, paths_of
from opskit.paths.python.fix import ALONE, rewrite
from opskit.paths.python.share import Share
from opskit.paths.scripts_fix import rewrite_script
from opskit.paths.setting import keep_roots, tell_variables
from opskit.source.javascript import read_javascript
from opskit.survey.python.index import source_of
from opskit.survey.survey import Survey

OURS = ("OPS-W001", "OPS-W002")


def plan(survey: Survey, checked: Checked, everything: bool = False, review: bool = False, how: How | None = None) -> Plan:
    """Rewrites what still stands in `checked`. Without `how` the fallback is the repository's own folder."""
    paths, how = paths_of(survey), how or How()
    told = {(place.path, place.start): f for f in checked.findings if f.code in OURS for place in (f.place, *f.also)}
    by_file, held = defaultdict[str, list[Judged]](list), 0
    for j in paths.judged:
        if _spot(j.sighting.place) in told and j.fix != "none":
            if j.fix == "review" and not review:
                held += 1
            else:
                by_file[j.sighting.place.path].append(j)
    done = _all(paths, {path: [j.sighting for j in group] for path, group in by_file.items()}, how)
    changes = tuple(change for one in done for change in one.changes)
    skipped = [Skipped(told[_spot(one.place)], reason) for each in done for one, reason in each.left]
    return Plan((*changes, *_kept(survey, paths, by_file.values())), (*skipped, *_left(paths, told)), held)


def _spot(place: Place) -> tuple[str, int]:
    return place.path, place.start


def _all(paths: Paths, chosen: dict[str, list[Sighting]], how: How) -> list[Rewritten]:
    shared = {path: group for path, group in chosen.items() if how.shared and group[0].language == "python"}
    done = [_rewritten(paths, path, group, how) for path, group in chosen.items() if path not in shared]
    if shared:
        from opskit.paths.python.sharing import Sharing

        sharing = Sharing(paths.survey, paths.roots, how)
        done += sharing.rewritten(shared, lambda path, share: _rewritten(paths, path, chosen[path], how, share)).values()
    return done


def _rewritten(paths: Paths, path: str, chosen: list[Sighting], how: How, share: Share = ALONE) -> Rewritten:
    tree, roots = paths.survey.tree, paths.roots
    match chosen[0].language:
        case "python":
            source = source_of(tree, path)
            return rewrite(tree, source, chosen, roots, how, share) if source is not None else Rewritten()
        case "javascript":
            script = tree.parsed(path, read_javascript)
            return rewrite_javascript(script, paths.hosts.of(script), chosen, paths.roots, how) if script is not None else Rewritten()
    return rewrite_script(path, tree.read(path) or b"", chosen, roots, how)


def _kept(survey: Survey, paths: Paths, groups: Iterable[list[Judged]]) -> list[FileEdit]:
    """The roots into opskit.toml and .env.example, when something is rewritten at all."""
    used = {j.root.variable for group in groups for j in group if j.root}
    if not used:
        return []
    roots = [root for root in paths.roots if root.variable in used]
    edits = (keep_roots(survey.tree, survey.manifest, paths.roots), tell_variables(survey.tree, roots))
    return [edit for edit in edits if edit]


def _left(paths: Paths, told: dict[tuple[str, int], Finding]) -> list[Skipped]:
    """What no fix is tried on, each with its reason; a file of settings or data, and a notebook, once."""
    found = dict[tuple[str, str, str], Skipped]()
    for j in paths.judged:
        finding = told.get(_spot(j.sighting.place))
        if finding is not None and j.fix == "none":
            told_once = finding.code == "OPS-W002" or j.sighting.language == "notebook"
            spot = "" if told_once else str(j.sighting.place.start)
            found.setdefault((j.sighting.place.path, spot, j.reason), Skipped(finding, j.reason))
    return list(found.values())
