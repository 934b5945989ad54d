"""A receiver of Stripe's events on the standard library; /FAULT/webhook is one with that fault, /right/webhook a right one.

Each fault is code as people write it. /FAULT/state tells what was granted.
"""

import contextlib
import hashlib
import hmac
import json
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe

SECRET = sys.argv[1]
PATIENCE = float(sys.argv[2])


class Shop:
    """What was sold: grants by subscription, and when each was last told about."""

    def __init__(self, fault):
        self.fault, self.lock, self.seen = fault, threading.Lock(), set()
        self.grants, self.told = [], {}

    def state(self):
        return {"grants": sorted(self.grants)}

    def take(self, event):
        if self.fault == "twice":
            return self.work(event)
        if self.fault == "race":
            if event["id"] in self.seen:
                return 200
            time.sleep(0.05)
            self.seen.add(event["id"])
            return self.work(event)
        with self.lock:
            if event["id"] in self.seen:
                return 409 if self.fault == "conflict" else 200
            if self.fault == "swallow":
                self.seen.add(event["id"])
            status = self.work(event)
            self.seen.add(event["id"])
            return status

    def work(self, event):
        kind, thing = event["type"], event["data"]["object"]
        if kind == "checkout.session.completed":
            if self.fault == "slow" and not self.told:
                time.sleep(PATIENCE)
            if self.fault in ("bare", "swallow"):
                thing["metadata"]["tier"]
            self.mark(thing.get("subscription") or thing["id"], event["created"], True)
        elif kind in ("customer.subscription.updated", "customer.subscription.deleted"):
            if self.fault == "version":
                thing["current_period_end"]
            self.mark(thing["id"], event["created"], thing["status"] == "active")
        elif kind not in ("invoice.paid", "invoice.payment_failed") and self.fault == "unknown":
            return 400
        return 200

    def mark(self, key, created, active):
        if created < self.told.get(key, 0) and self.fault != "order":
            return
        if active and (key not in self.grants or self.fault in ("twice", "race")):
            self.grants.append(key)
        elif not active and key in self.grants:
            self.grants.remove(key)
        self.told[key] = max(created, self.told.get(key, 0))


SHOPS = {}


def shop(fault):
    return SHOPS.setdefault(fault, Shop(fault))


def parts(header):
    return [part.partition("=")[::2] for part in header.split(",")]


def mac(body, stamp, secret=SECRET):
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def verified(fault, body, header):
    """The event, or an error. The right one asks the official library."""
    if fault == "unverified":
        return json.loads(body)
    if fault == "header-only":
        if not header:
            raise ValueError("no signature")
        return json.loads(body)
    if fault == "stale":
        stripe.Webhook.construct_event(body, header, SECRET, tolerance=None)
        return json.loads(body)
    if fault == "rewritten":
        stripe.Webhook.construct_event(json.dumps(json.loads(body), indent=2), header, SECRET)
        return json.loads(body)
    if fault == "latin":
        stripe.Webhook.construct_event(body.decode("latin-1").encode(), header, SECRET)
        return json.loads(body)
    if fault == "first":
        found = {}
        for scheme, value in parts(header or ""):
            found.setdefault(scheme, value)
        return by_hand(body, found, [found.get("v1", "")])
    if fault == "last":
        found = dict(parts(header or ""))
        return by_hand(body, found, [found.get("v1", "")])
    if fault == "v0":
        found = dict(parts(header or ""))
        return by_hand(body, found, [value for scheme, value in parts(header or "") if scheme in ("v0", "v1")])
    if fault == "blank":
        found = dict(parts(header or ""))
        return by_hand(body, found, [value for scheme, value in parts(header or "") if scheme == "v1"], "")
    if fault == "clock":
        found = dict(parts(header or ""))
        if int(found.get("t", 0)) > time.time() + 5:
            raise ValueError("from the future")
    stripe.Webhook.construct_event(body, header, SECRET)
    return json.loads(body)


def by_hand(body, found, values, secret=SECRET):
    if not found.get("t", "").isdigit() or abs(time.time() - int(found["t"])) > 300:
        raise ValueError("no time, or an old one")
    if not any(hmac.compare_digest(mac(body, found["t"], secret).encode(), value.encode()) for value in values):
        raise ValueError("wrong signature")
    return json.loads(body)


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def answer(self, status, document):
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer(200, shop(self.path.split("/")[1]).state())

    def do_POST(self):
        fault = self.path.split("/")[1]
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read1(size) if fault == "pieces" else self.rfile.read(size)
        try:
            self.received(fault, body)
        except Exception:
            self.answer(500, {"error": traceback.format_exc() if fault == "trace" else "internal error"})

    def received(self, fault, body):
        header = self.headers.get("Stripe-Signature")
        if fault == "redirect":
            self.send_response(308)
            self.send_header("Location", self.path + "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if fault == "garbage" and header:
            int(dict(parts(header))["t"])
            json.loads(body)
        try:
            event = verified(fault, body, header)
        except (ValueError, AttributeError, stripe.SignatureVerificationError) as error:
            if fault == "uncaught":
                raise
            told = "refused"
            if fault == "trace":
                told = traceback.format_exc()
            elif fault == "hint":
                stamp = dict(parts(header or "")).get("t", "")
                told = f"{error}: expected {mac(body, stamp)}"
            self.answer(400, {"error": told})
            return
        self.answer(shop(fault).take(event), {"received": True})


with contextlib.suppress(KeyboardInterrupt):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
