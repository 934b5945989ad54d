# ORDER_SERVER.py - checkout + stripe webhook
import os

import stripe
from flask import Flask, request, jsonify

app = Flask(__name__)

stripe.api_key = os.environ["STRIPE_SECRET_KEY"]
ENDPOINT_SECRET = os.environ.get('STRIPE_WEBHOOK_SECRET')
PRICE_BOX = os.getenv("STRIPE_PRICE_BOX", "price_1000kerzenbox")
SITE = "http://localhost:3000"


@app.route("/create-checkout-session", methods=["POST"])
def create_checkout_session():
    session = stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"price": PRICE_BOX, "quantity": 1}],
        success_url=SITE + "/danke.html",
        cancel_url=SITE + "/",
    )
    return jsonify(id=session.id, url=session.url)


@app.route("/webhook", methods=["POST"])
def webhook():
    event = stripe.Webhook.construct_event(
        request.data, request.headers.get("Stripe-Signature"), ENDPOINT_SECRET)
    if event["type"] == "checkout.session.completed":
        pass        # TODO really write the order into the database
    return "", 200


@app.route("/health")
def health():
    return "ok"


#if __name__ == '__main__':
#    app.run(port=5055)      # old port, chat bot sits there now

if __name__ == "__main__":
    print("Order server on http://localhost:5001")
    app.run(host="0.0.0.0", port=5001)
