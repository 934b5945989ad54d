// The official Node library against a sandbox at the given port: what a program would do, and what it sees, as JSON.
const Stripe = require("stripe");
const [key, port] = process.argv.slice(2);
const stripe = new Stripe(key, { host: "127.0.0.1", port: Number(port), protocol: "http", maxNetworkRetries: 0 });

const refusal = (promise) => promise.then(() => null, (error) => ({ kind: error.type, code: error.code, param: error.param, status: error.statusCode }));

(async () => {
  const seen = {};
  const product = await stripe.products.create({ name: "Zoë ☕", metadata: { a: "1" }, marketing_features: [{ name: "x" }] });
  for (let i = 0; i < 5; i++) {
    await stripe.prices.create({ product: product.id, currency: "usd", unit_amount: i + 1, lookup_key: `k${i}`, recurring: { interval: "month" } });
  }
  const price = await stripe.prices.create({ product: product.id, currency: "usd", unit_amount: 7, lookup_key: "k0", transfer_lookup_key: true });
  seen.pages = [];
  for await (const each of stripe.prices.list({ limit: 2 })) seen.pages.push(each.unit_amount);
  seen.found = (await stripe.prices.list({ lookup_keys: ["k0", "k1"], expand: ["data.product"] })).data.map((p) => [p.unit_amount, p.product.name]);
  const key2 = { idempotencyKey: "n" };
  const first = await stripe.customers.create({ email: "a@b.co", address: { city: "Ghent" } }, key2);
  const second = await stripe.customers.create({ email: "a@b.co", address: { city: "Ghent" } }, key2);
  seen.replayed = first.id === second.id && second.lastResponse.headers["idempotent-replayed"];
  seen.mismatch = await refusal(stripe.customers.create({ email: "c@d.co" }, key2));
  seen.unknown = await refusal(stripe.products.create({ name: "x", nonsense: 1 }));
  seen.missing = await refusal(stripe.prices.create({ product: product.id, unit_amount: 1 }));
  seen.absent = await refusal(stripe.customers.retrieve("cus_none"));
  const stranger = new Stripe("sk_test_bad", { host: "127.0.0.1", port: Number(port), protocol: "http", maxNetworkRetries: 0 });
  seen.key = await refusal(stranger.products.list());
  seen.decimal = (await stripe.prices.create({ product: product.id, currency: "usd", unit_amount_decimal: Stripe.Decimal.from("12.5") })).unit_amount_decimal.toString();
  await stripe.prices.update(price.id, { active: false, metadata: { gone: "yes" } });
  const event = (await stripe.events.list({ type: "price.updated" })).data[0];
  seen.event = [event.data.previous_attributes, event.api_version, event.request.id.slice(0, 4)];
  await stripe.customers.del(first.id);
  seen.deleted = (await stripe.customers.retrieve(first.id)).deleted;
  console.log(JSON.stringify(seen));
})().catch((error) => { console.error(error); process.exit(1); });
