"""An account in memory that refuses what Stripe refuses, for planner tests: immutable fields, lookup keys, default prices, ids."""

from dataclasses import replace
from itertools import count

from opskit.stripe.planning.steps import Fingerprint, Kept, Made
from opskit.stripe.remote import Held, HeldEndpoint, HeldPrice, HeldProduct, fingerprint

MUTABLE = {
    "product": {"name", "active", "default_price", "metadata", "description", "tax_code", "unit_label", "statement_descriptor", "url", "marketing_features"},
    "price": {"active", "lookup_key", "transfer_lookup_key", "metadata", "nickname", "tax_behavior"},
    "endpoint": {"url", "enabled_events", "description", "metadata", "disabled"},
}


class Refusal(Exception):
    """What the API would answer with 400."""


class Model:
    """`writes` counts calls. `secrets` are told once, at an endpoint's creation; `saved` is the .env of this machine."""

    def __init__(self, live=False):
        self.live, self.products, self.prices, self.endpoints = live, {}, {}, {}
        self.clock, self.writes, self.secrets, self.saved, self.env = count(1), 0, {}, {}, {}

    def held(self):
        return Held("acct_model", self.live, tuple(self.products.values()), tuple(self.prices.values()), tuple(self.endpoints.values()))

    def kept(self):
        return Kept({name: fingerprint(secret) for name, secret in self.env.items() if secret.startswith("whsec_")})

    def carry_out(self, planned, catalogue):
        """As the applier does: writes, then the values, then the last writes."""
        made, secrets = {}, {}
        for write in planned.writes:
            if not write.last:
                self.write(write, made, secrets)
        variables = {e.key: e.env for e in catalogue.endpoints}
        self.env |= {variables[key]: secret for key, secret in secrets.items()}
        for write in planned.writes:
            if write.last:
                self.write(write, made, secrets)

    def write(self, write, made, secrets):
        self.writes += 1
        params = self._resolved(write.params, made, secrets)
        if write.action == "create":
            id = getattr(self, f"_create_{write.kind}")(params)
            made[write.kind, write.key] = id
            if write.kind == "endpoint":
                secrets[write.key] = self.secrets[id]
            return
        id = made[write.id.kind, write.id.key] if isinstance(write.id, Made) else write.id
        if write.action == "delete":
            del self.endpoints[id]
            return
        if set(params) - MUTABLE[write.kind]:
            raise Refusal(f"{write.kind}: {set(params) - MUTABLE[write.kind]} cannot be changed")
        getattr(self, f"_update_{write.kind}")(id, params)

    def _resolved(self, params, made, secrets):
        def one(value):
            if isinstance(value, Made):
                return made[value.kind, value.key]
            if isinstance(value, Fingerprint):
                return fingerprint(secrets[value.key])
            return {k: one(v) for k, v in value.items()} if isinstance(value, dict) else value

        return {name: one(value) for name, value in params.items()}

    def _create_product(self, params):
        if params["id"] in self.products:
            raise Refusal("resource_already_exists")
        fields = {k: v for k, v in params.items() if k not in ("id", "name", "metadata")}
        self.products[params["id"]] = HeldProduct(params["id"], params["name"], True, "", params["metadata"], fields, next(self.clock))
        return params["id"]

    def _update_product(self, id, params):
        found = self.products[id]
        if default := params.get("default_price"):
            price = self.prices[default]
            if price.product != id or not price.active:
                raise Refusal("default_price is not an active price of this product")
        plain = {k: v for k, v in params.items() if k in ("name", "active", "default_price")}
        fields = {**found.fields, **{k: v for k, v in params.items() if k not in ("name", "active", "default_price", "metadata")}}
        self.products[id] = replace(found, **plain, fields=fields, metadata={**found.metadata, **params.get("metadata", {})})

    def _create_price(self, params):
        if params["product"] not in self.products:
            raise Refusal("no such product")
        recurring = params.get("recurring", {})
        id = f"price_{next(self.clock):04d}"
        price = HeldPrice(id, params["product"], params["unit_amount"], params["currency"], recurring.get("interval", ""), recurring.get("interval_count", 1),
                          "", True, params.get("nickname", ""), params.get("tax_behavior", "unspecified"), params["metadata"], True, next(self.clock))
        self.prices[id] = price
        try:
            self._key(id, params["lookup_key"], params.get("transfer_lookup_key", False))
        except Refusal:
            del self.prices[id]
            raise
        return id

    def _update_price(self, id, params):
        found = self.prices[id]
        if params.get("active") is False and any(p.default_price == id for p in self.products.values()):
            raise Refusal("This price cannot be archived because it is the default price of its product.")
        if "tax_behavior" in params and found.tax_behavior != "unspecified":
            raise Refusal("tax_behavior cannot be changed")
        if "lookup_key" in params:
            self._key(id, params["lookup_key"], params.get("transfer_lookup_key", False))
        plain = {k: v for k, v in params.items() if k in ("active", "nickname", "tax_behavior")}
        self.prices[id] = replace(self.prices[id], **plain, metadata={**found.metadata, **params.get("metadata", {})})

    def _key(self, id, key, transfer):
        holder = next((p for p in self.prices.values() if p.lookup_key == key and p.id != id), None)
        if holder and not transfer:
            raise Refusal(f"A price ({holder.id}) already uses that lookup key.")
        if holder:
            self.prices[holder.id] = replace(holder, lookup_key="")
        self.prices[id] = replace(self.prices[id], lookup_key=key)

    def _create_endpoint(self, params):
        at = next(self.clock)
        id = f"we_{at:04d}"
        self.endpoints[id] = HeldEndpoint(id, params["url"], tuple(params["enabled_events"]), params.get("api_version", ""), True,
                                          params.get("description", ""), params["metadata"], at)
        self.secrets[id] = f"whsec_{at:032d}"
        return id

    def _update_endpoint(self, id, params):
        found = self.endpoints[id]
        plain = {k: v for k, v in params.items() if k in ("url", "description")}
        plain |= {"events": tuple(params["enabled_events"])} if "enabled_events" in params else {}
        plain |= {"enabled": not params["disabled"]} if "disabled" in params else {}
        self.endpoints[id] = replace(found, **plain, metadata={**found.metadata, **params.get("metadata", {})})
