"""Every receiver of Stripe's webhooks in the tree, once a run: Python and JavaScript by their syntax, PHP, Ruby and Go by their text."""

from opskit.stripe.webhooks.node_sightings import node_receivers
from opskit.stripe.webhooks.python_sightings import python_receivers
from opskit.stripe.webhooks.receiver import Receiver
from opskit.stripe.webhooks.text_sightings import text_receivers
from opskit.survey.survey import Survey


def receivers(survey: Survey, everything: bool = False) -> tuple[Receiver, ...]:
    """Sorted by place. Without `everything` those of disabled services are left out; a function is deployed whatever `up` runs."""
    off = set() if everything else {s.name for s in survey.services if not s.enabled and s.kind != "function"}
    found = (*python_receivers(survey), *node_receivers(survey), *text_receivers(survey.tree))
    return tuple(sorted((r for r in found if r.service not in off), key=lambda r: r.place))
