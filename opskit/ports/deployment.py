"""What a cluster's manifests must say anew when a service's own port moves."""

from opskit.core.place import Place
from opskit.ports.claims import Claim, is_published
from opskit.ports.stated import kubernetes
from opskit.ports.stated.every import stated
from opskit.ports.stated.identity import homes_of
from opskit.survey.survey import Survey


def deployed_places(survey: Survey, claim: Claim) -> tuple[tuple[Place, ...], str]:
    """(digits that move with the port that the code binds, why they cannot). None where the container is given its port by
    a variable of its own: then the code's fallback says nothing there. A Service that names no targetPort moves its own port,
    and with it everybody who calls it by name."""
    if any(map(is_published, claim.binds)) or _decides_itself(survey, claim):
        return (), ""
    every = stated(survey)
    own = [e for e in every if e.service == claim.service.name and e.port == claim.port and e.protocol == claim.protocol]
    moving = [e for e in own if e.kind == "kubernetes" and e.scope == "container"]
    spots = {e.place for e in moving}
    if any(e.scope == "cluster" and e.role == "publish" and e.place in spots for e in own):
        moving += [e for e in own if e.scope == "cluster" and e.role == "reference"]
        moving += [e for e in own if e.kind == "address" and e.scope == "container"]
    fixed = next((e for e in moving if not e.editable), None)
    if fixed is not None:
        return (), f"its deployment takes the port from a template that opskit does not edit, at {fixed.place}"
    spots = {e.place for e in moving}
    shared = next((e for e in every if e.place in spots and e.service != claim.service.name and e.service), None)
    if shared is not None:
        return (), f"its deployment takes the port from the same number as {shared.service}, at {shared.place}"
    return tuple(sorted(spots)), ""


def _decides_itself(survey: Survey, claim: Claim) -> bool:
    """Whether a manifest or the image sets the variable that the code reads its port from."""
    variables = {bind.variable for bind in claim.binds if bind.variable}
    if not variables:
        return False
    naming = kubernetes.Naming(survey.tree, homes_of(survey))
    for workload in kubernetes.manifests(survey.tree).workloads:
        if naming.workload(workload) == claim.service.name and variables & set(kubernetes.environment_of(survey.tree, workload)):
            return True
    return any(e.kind == "dockerfile" and e.service == claim.service.name and e.variable in variables for e in stated(survey))
