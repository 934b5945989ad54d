"""A receiver as Stripe's documentation writes it with Flask."""

import sys

import stripe
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

SECRET = sys.argv[1]
app = Flask(__name__)


@app.route("/webhook", methods=["POST"])
def webhook():
    payload, header = request.data, request.headers.get("Stripe-Signature")
    try:
        event = stripe.Webhook.construct_event(payload, header, SECRET)
    except ValueError:
        return "Invalid payload", 400
    except stripe.SignatureVerificationError:
        return "Invalid signature", 400
    if event["type"] == "checkout.session.completed":
        print(event["data"]["object"]["id"])
    return jsonify(success=True)


server = make_server("127.0.0.1", 0, app, threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
