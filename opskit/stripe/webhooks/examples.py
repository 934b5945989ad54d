"""The small platforms of the codes' examples: one receiver each, right unless told otherwise."""

SECRET = 'os.environ["STRIPE_WEBHOOK_SECRET"]'


def flask(check: str = "", payload: str = "request.data", secret: str = SECRET, kind: str = "checkout.session.completed",
          work: str = 'sell(event["id"], event["data"])', more: str = "") -> str:
    check = check or f"""try:
        event = stripe.Webhook.construct_event({payload}, request.headers["Stripe-Signature"], {secret})
    except (ValueError, stripe.SignatureVerificationError):
        return "refused", 400"""
    return f"""import json
import os

import stripe
from flask import Flask, request
from store import sell

app = Flask(__name__)


@app.post("/stripe/webhook")
def webhook():
    {check}
    if event["type"] == "{kind}":
        {work}
    return "", 200
{more}

if __name__ == "__main__":
    app.run(port=8010)
"""


def express(before: str = "", after: str = "", check: str = "", caught: str = "return res.status(400).end();") -> str:
    check = check or "event = stripe.webhooks.constructEvent(req.body, sig, process.env.STRIPE_WEBHOOK_SECRET);"
    return f"""const express = require('express');
const stripe = require('stripe')(process.env.STRIPE_SECRET_KEY);
const {{ sell }} = require('store');
const app = express();
{before}
app.post('/stripe/webhook', express.raw({{ type: 'application/json' }}), async (req, res) => {{
  const sig = req.headers['stripe-signature'];
  let event;
  try {{
    {check}
  }} catch (err) {{
    {caught}
  }}
  if (event.type === 'checkout.session.completed') await sell(event.id, event.data.object);
  res.json({{ received: true }});
}});
{after}
app.listen(8010);
"""


def function(payload: str) -> str:
    return f"""const stripe = require('stripe')(process.env.STRIPE_SECRET_KEY);

exports.handler = async (event) => {{
  let told;
  try {{
    told = stripe.webhooks.constructEvent({payload}, event.headers['stripe-signature'], process.env.STRIPE_WEBHOOK_SECRET);
  }} catch (err) {{
    return {{ statusCode: 400 }};
  }}
  if (told.type === 'checkout.session.completed') await sell(told.id);
  return {{ statusCode: 200 }};
}};
"""


def shop(events: str = "checkout.session.completed", path: str = "/stripe/webhook", variable: str = "STRIPE_WEBHOOK_SECRET",
         twice: bool = False) -> str:
    one = f"    url: https://{{domain}}{path}\n    events: [{events}]\n    env: "
    return f"version: 1\nwebhooks:\n  main:\n{one}{variable}\n" + (f"  other:\n{one}OTHER_SECRET\n" if twice else "")
