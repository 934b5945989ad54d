"""What the environment room mends by itself: the contract and the ignore lines, both only appended to."""

from opskit.core.change import Change, FileCreate, Plan, appended
from opskit.core.finding import Checked, Skipped
from opskit.core.tree import Tree
from opskit.env.contract import contract_change
from opskit.env.hygiene import lacking_lines
from opskit.env.variables import variables
from opskit.survey.survey import Survey

IGNORE = ".gitignore"


def plan(survey: Survey, checked: Checked, everything: bool = False, review: bool = False) -> Plan:
    """Safe fixes of E013 and E017. Values are never made here: `env init` does."""
    codes = {finding.code for finding in checked.findings}
    changes, skipped = list[Change | None](), list[Skipped]()
    if "OPS-E017" in codes:
        changes.append(contract_change(survey.tree, variables(survey, everything), "OPS-E017"))
        if changes == [None]:
            reason = "a quote in it is never closed and would swallow what is appended"
            skipped = [Skipped(finding, reason) for finding in checked.findings if finding.code == "OPS-E017"]
    if "OPS-E013" in codes:
        changes.append(ignore_change(survey.tree))
    return Plan(tuple(change for change in changes if change), tuple(skipped))


def ignore_change(tree: Tree) -> Change | None:
    """Lines that keep values and opskit's state out of git, and the contract in it."""
    lines = lacking_lines(tree)
    if not lines:
        return None
    text, why = "# values stay out of git, the contract stays in\n" + "".join(f"{line}\n" for line in lines), "keeps secrets out of git"
    data = tree.read(IGNORE)
    if data is None:
        return FileCreate(IGNORE, text.encode(), why, code="OPS-E013")
    return appended(IGNORE, data, "\n" + text if data else text, why, code="OPS-E013")
