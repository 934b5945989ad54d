"""What a probe can find, a sentence each: the codes it reports and what a person reads beside them."""

FAULTS: dict[str, str] = {
    "OPS-H030": "refuses a valid event",
    "OPS-H031": "checks the signature on a body that was decoded or written again, not on the bytes that came",
    "OPS-H032": "takes a forged event: whoever knows the address grants himself what it sells",
    "OPS-H033": "takes an old delivery: whoever once saw one can send it again for ever",
    "OPS-H034": "does not try every v1 of the header: each event is refused while a secret is rolled",
    "OPS-H035": "refuses a sender whose clock is half a minute ahead of its own",
    "OPS-H036": "takes the scheme v0, which never counts",
    "OPS-H037": "does not answer a forged event with 4xx",
    "OPS-H038": "refuses event types that it does not know; Stripe sends them again for days",
    "OPS-H039": "takes an event in one API version's shape and fails on the other's",
    "OPS-H040": "fails on an event that Stripe really sends",
    "OPS-H041": "does its work again for an event that it has had",
    "OPS-H042": "refuses a duplicate, so that Stripe sends it again for days",
    "OPS-H043": "cannot bear events out of order, which Stripe does not promise",
    "OPS-H044": "answers too late: Stripe gives up and sends the event again",
    "OPS-H045": "reads only the first piece of a body",
    "OPS-H046": "falls over on garbage instead of refusing it",
    "OPS-H047": "tells strangers what they must not see",
    "OPS-H048": "failed on an event, then called the same event done: what it sold is lost",
    "OPS-H049": "does not decode a body that comes with isBase64Encoded",
}
