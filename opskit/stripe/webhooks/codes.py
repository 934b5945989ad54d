"""The webhooks' diagnostic codes, each with a platform that has the fault and one that has not; what only a probe or an account
shows is `live`."""

from opskit.core.codes import Code
from opskit.stripe.webhooks.examples import express, flask, function, shop
from opskit.stripe.webhooks.probe.faults import FAULTS

_GOOD = {"shop.py": flask()}


def _live(code: str, title: str, why: str, mend: str) -> Code:
    return Code(code, title, why, mend, live=True)


CODES: tuple[Code, ...] = (
    Code(
        "OPS-H001",
        "a webhook that checks no signature",
        "Whoever knows the address can send it a paid order.",
        "Verify the raw body with the endpoint's secret, by Stripe's own library.",
        {"shop.py": flask(check="event = request.get_json()")},
        _GOOD,
    ),
    Code(
        "OPS-H002",
        "a signature checked on a body that was written again",
        "The signature is of the bytes that came; JSON that was parsed "
        "and written again has other spaces, orders and escapes, and every event is refused.",
        "Hand over the body as it came.",
        {"shop.py": flask(payload="json.dumps(request.json)")},
        _GOOD,
    ),
    Code(
        "OPS-H003",
        "a body parsed before its signature is checked",
        "`express.json()` takes the stream first; what is left for the check is an object, and every event is refused.",
        "Put the webhook's route with `express.raw()` before the parser.",
        {"server.js": express(before="app.use(express.json());")},
        {"server.js": express(after="app.use(express.json());")},
    ),
    Code(
        "OPS-H004",
        "a check that can be passed by",
        "Where the secret is missing, or the check fails, the event is taken all the same.",
        "Refuse with 400 whenever the check cannot be made.",
        {
            "server.js": express(
                check="if (process.env.SECRET) event = stripe.webhooks.constructEvent(req.body, sig, process.env.SECRET);\n"
                "  else event = JSON.parse(req.body);"
            )
        },
        {"server.js": express()},
    ),
    Code(
        "OPS-H005",
        "a webhook secret in the code, or an empty one",
        "The secret of one endpoint and one mode is wrong for all others, and in "
        "git it is everybody's; with an empty one everybody can sign.",
        "Read it from the environment, and fail at the start without it.",
        {"shop.py": flask(secret="'whsec_...'")},
        _GOOD,
    ),
    Code(
        "OPS-H006",
        "an event handled by nothing but a log line",
        "Buyers pay, and nothing is done about it.",
        "Do the work, or do not subscribe to the event.",
        {"shop.py": flask(work="print('paid', event['id'])")},
        _GOOD,
    ),
    Code(
        "OPS-H007",
        "an event that no code handles",
        "Stripe sends it, and it is thrown away.",
        "Handle it, or leave it out of stripe.yaml.",
        {**_GOOD, "stripe.yaml": shop("checkout.session.completed, invoice.paid")},
        {**_GOOD, "stripe.yaml": shop()},
    ),
    Code(
        "OPS-H008",
        "an event that is handled and never sent",
        "The code waits for it, and the endpoint does not ask for it.",
        "Add it to the webhook's events in stripe.yaml.",
        {**_GOOD, "stripe.yaml": shop("invoice.paid")},
        {**_GOOD, "stripe.yaml": shop()},
    ),
    Code(
        "OPS-H009",
        "two endpoints with one URL",
        "Stripe sends every event to both: it is worked on twice, and one secret fits only half.",
        "Put all events into one of them.",
        {**_GOOD, "stripe.yaml": shop(twice=True)},
        {**_GOOD, "stripe.yaml": shop()},
    ),
    Code(
        "OPS-H010",
        "a failure that Stripe is not told of",
        "The work failed and the answer was 2xx, so the event never comes again.",
        "Answer 5xx when the work failed.",
        {
            "shop.py": flask(
                work="deliver(event['id'])",
                more="\n\ndef deliver(order):\n    try:\n        sell(order)\n    except Exception:\n        print('failed')\n",
            )
        },
        _GOOD,
    ),
    Code(
        "OPS-H011",
        "duplicates are worked on again",
        "Stripe may send an event twice, and does after a slow answer.",
        "Keep the ids of events under a unique index, or fetch the state anew each time.",
        {"shop.py": flask(work="sell(event['data'])")},
        _GOOD,
    ),
    Code(
        "OPS-H012",
        "a field that newer API versions moved",
        "Since 2025-03-31 a subscription's period stands at its items, and an invoice's "
        "subscription under `parent`; what an endpoint sends follows its own version, not the library's.",
        "Read the new place, or pin an older api_version in stripe.yaml.",
        {"shop.py": flask(work="sell(event['id'], subscription.current_period_end)")},
        _GOOD,
    ),
    Code(
        "OPS-H013",
        "a webhook's URL that no route answers",
        "Every event ends in 404, and Stripe disables the endpoint in time.",
        "Correct the URL, or write the route.",
        {**_GOOD, "stripe.yaml": shop(path="/hooks/strip")},
        {**_GOOD, "stripe.yaml": shop()},
    ),
    Code(
        "OPS-H014",
        "a wrong signature that is not refused",
        "What follows works on an event that nobody sent, or tells a forger that it was taken.",
        "Answer 400 and stop.",
        {"server.js": express(caught="console.log(err);")},
        {"server.js": express()},
    ),
    Code(
        "OPS-H015",
        "a receiver that no service loads",
        "Code that handles Stripe's events and is never called looks like a finished one.",
        "Route the webhook to it, or remove it.",
        {
            "setup.py": "import stripe\n\ndef on_event(payload, header, secret):\n"
            "    return stripe.Webhook.construct_event(payload, header, secret)\n"
        },
        _GOOD,
    ),
    Code(
        "OPS-H016",
        "a function that does not look at isBase64Encoded",
        "Gateways may hand the body over as base64, as production does where the laptop does not; the signature then fits nothing.",
        "Decode it where `event.isBase64Encoded` says so.",
        {"netlify/functions/hook.js": function("event.body")},
        {"netlify/functions/hook.js": function("event.isBase64Encoded ? Buffer.from(event.body, 'base64') : event.body")},
    ),
    Code(
        "OPS-H017",
        "a secret that goes to another variable",
        "opskit writes the endpoint's secret into one variable, the code reads another: every event is refused.",
        "Name the variable that the code reads.",
        {**_GOOD, "stripe.yaml": shop(variable="OTHER_SECRET")},
        {**_GOOD, "stripe.yaml": shop()},
    ),
    Code(
        "OPS-H018",
        "an event type that Stripe does not have",
        "The branch never runs.",
        "docs.stripe.com/api/events/types lists them.",
        {"shop.py": flask(kind="checkout.session.complete")},
        _GOOD,
    ),
    Code(
        "OPS-H019",
        "two receivers with one secret",
        "Stripe makes a secret for each endpoint: of two receivers that read one variable, one refuses every event.",
        "Give each a variable of its own, or keep one receiver.",
        {"shop.py": flask(), "server.js": express()},
        {"shop.py": flask(), "server.js": express().replace("STRIPE_WEBHOOK_SECRET", "STRIPE_SHOP_WEBHOOK_SECRET")},
    ),
    _live(
        "OPS-H020",
        "a delivery that does not verify",
        "The header, the secret, the body or the time is not what it was when it was signed.",
        "`opskit webhooks verify` says which.",
    ),
    _live(
        "OPS-H021",
        "the observer cannot be read",
        "What --observe names gave no answer, so that nothing could be seen through it.",
        "Give an address or a command that prints what the receiver has granted.",
    ),
    _live(
        "OPS-H022",
        "a kept delivery that cannot be read",
        "The file says one thing about its body and holds another.",
        "Keep the whole request, or the raw body with --header.",
    ),
    _live(
        "OPS-H023",
        "no webhook secret",
        "Without the endpoint's secret nothing can be signed or checked.",
        "Put it into .env; `opskit webhooks register` does.",
    ),
    _live(
        "OPS-H024",
        "a delivery that was refused",
        "A receiver answered a replayed event with something else than 2xx.",
        "See its log; `opskit webhooks probe` finds out what it cannot take.",
    ),
    *(
        _live(code, f"a receiver that {told.partition(':')[0]}", f"Seen from outside: it {told}.", "docs/webhooks.md tells the right way.")
        for code, told in FAULTS.items()
    ),
    _live(
        "OPS-H050", "two endpoints of the account have one URL", "Each event is delivered twice, with two secrets.", "Delete one of them."
    ),
    _live(
        "OPS-H051",
        "an endpoint is disabled",
        "Stripe sends it nothing; it disables endpoints that failed for days.",
        "Mend the receiver, then enable it: `opskit webhooks register`.",
    ),
    _live(
        "OPS-H052",
        "the account and the code disagree on events",
        "What is handled is not sent, or what is sent is not handled.",
        "Correct stripe.yaml, then `opskit webhooks register`.",
    ),
    _live(
        "OPS-H053",
        "an endpoint's API version is not the code's",
        "The events come in shapes that the code was not written for.",
        "Pin api_version in stripe.yaml to the code's; a changed version is a new endpoint with a new secret.",
    ),
    _live(
        "OPS-H054", "the account is near its limit of 16 endpoints", "Stripe refuses the seventeenth.", "Delete those that nobody needs."
    ),
    _live(
        "OPS-H055",
        "an endpoint asks for every event",
        "Each kind of event there is comes, most of them for nobody.",
        "List the events that the code handles.",
    ),
    _live("OPS-H056", "an endpoint's secret is not set", "The receiver refuses every event.", "`opskit webhooks register` writes it."),
    _live(
        "OPS-H057",
        "a receiver that no endpoint of the account sends events to",
        "The code waits for events, and Stripe was never told where to send them: buyers pay, and nothing happens.",
        "Name it under `webhooks:` of stripe.yaml (`opskit init` drafts it), then `opskit webhooks register`.",
    ),
)
