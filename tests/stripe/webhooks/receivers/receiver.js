// A receiver of Stripe's events on Node's own server; /FAULT/webhook is one with that fault, /right/webhook a right one.
// Each fault is code as people write it. /FAULT/state tells what was granted.
const crypto = require('crypto');
const http = require('http');
const stripe = require('stripe')('sk_test_' + 'x'.repeat(24));

const [SECRET, PATIENCE] = [process.argv[2], Number(process.argv[3])];
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const shops = {};
const shop = (fault) => (shops[fault] ??= { grants: [], told: {}, seen: new Set() });

async function take(fault, event) {
  const held = shop(fault);
  if (fault === 'twice') return work(fault, held, event);
  if (held.seen.has(event.id)) return fault === 'conflict' ? 409 : 200;
  if (fault === 'race') await sleep(0.05);
  if (fault !== 'slow') held.seen.add(event.id);
  try {
    const status = await work(fault, held, event);
    held.seen.add(event.id);
    return status;
  } catch (error) {
    if (fault !== 'swallow') held.seen.delete(event.id);
    throw error;
  }
}

async function work(fault, held, event) {
  const thing = event.data.object;
  switch (event.type) {
    case 'checkout.session.completed':
      if (fault === 'slow' && !held.grants.length) await sleep(PATIENCE);
      if (fault === 'bare' || fault === 'swallow') thing.metadata.tier.toUpperCase();
      mark(fault, held, thing.subscription || thing.id, event.created, true);
      return 200;
    case 'customer.subscription.updated':
    case 'customer.subscription.deleted':
      if (fault === 'version') thing.current_period_end.toFixed();
      mark(fault, held, thing.id, event.created, thing.status === 'active');
      return 200;
    case 'invoice.paid':
    case 'invoice.payment_failed':
      return 200;
    default:
      return fault === 'unknown' ? 400 : 200;
  }
}

function mark(fault, held, key, created, active) {
  if (created < (held.told[key] || 0) && fault !== 'order') return;
  const at = held.grants.indexOf(key);
  if (active && (at < 0 || fault === 'twice' || fault === 'race')) held.grants.push(key);
  else if (!active && at >= 0) held.grants.splice(at, 1);
  held.told[key] = Math.max(created, held.told[key] || 0);
}

const parts = (header) => (header || '').split(',').map((part) => part.split('='));
const mac = (body, stamp, secret = SECRET) => crypto.createHmac('sha256', secret).update(`${stamp}.`).update(body).digest('hex');

function byHand(body, header, values, secret = SECRET) {
  const stamp = (parts(header).find(([scheme]) => scheme === 't') || [])[1];
  if (!/^\d+$/.test(stamp || '') || Math.abs(Date.now() / 1000 - Number(stamp)) > 300) throw new Error('no time, or an old one');
  if (!values.includes(mac(body, stamp, secret))) throw new Error('wrong signature');
  return JSON.parse(body);
}

function verified(fault, body, header) {
  const v1 = parts(header).filter(([scheme]) => scheme === 'v1').map(([, value]) => value);
  switch (fault) {
    case 'unverified':
      return JSON.parse(body);
    case 'header-only':
      if (!header) throw new Error('no signature');
      return JSON.parse(body);
    case 'stale':
      return stripe.webhooks.constructEvent(body, header, SECRET, 1e9);
    case 'rewritten':
      return stripe.webhooks.constructEvent(JSON.stringify(JSON.parse(body)), header, SECRET);
    case 'latin':
      return stripe.webhooks.constructEvent(body.toString('latin1'), header, SECRET);
    case 'first':
      return byHand(body, header, v1.slice(0, 1));
    case 'last':
      return byHand(body, header, v1.slice(-1));
    case 'v0':
      return byHand(body, header, parts(header).filter(([scheme]) => scheme === 'v0' || scheme === 'v1').map(([, value]) => value));
    case 'blank':
      return byHand(body, header, v1, '');
    case 'clock':
      if (Number((parts(header).find(([scheme]) => scheme === 't') || [])[1]) > Date.now() / 1000 + 5) throw new Error('from the future');
  }
  return stripe.webhooks.constructEvent(body, header, SECRET);
}

function whole(request, fault) {
  return new Promise((done) => {
    const chunks = [];
    request.on('data', (chunk) => (fault === 'pieces' && chunks.length ? null : chunks.push(chunk)));
    request.on('end', () => done(Buffer.concat(chunks)));
  });
}

async function received(fault, request, body, answer) {
  const header = request.headers['stripe-signature'];
  if (fault === 'redirect') return answer(308, {}, { location: request.url + '/' });
  if (fault === 'garbage' && header) {
    const given = (parts(header).find(([scheme]) => scheme === 'v1') || [, ''])[1];
    if (given) crypto.timingSafeEqual(Buffer.from(given), Buffer.from(mac(body, 0)));
  }
  let event;
  try {
    event = verified(fault, body, header);
  } catch (error) {
    if (fault === 'uncaught') throw error;
    const stamp = (parts(header).find(([scheme]) => scheme === 't') || [])[1];
    const told = fault === 'trace' ? error.stack : fault === 'hint' ? `expected ${mac(body, stamp)}` : 'refused';
    return answer(400, told);
  }
  answer(await take(fault, event), { received: true });
}

const server = http.createServer(async (request, response) => {
  const fault = request.url.split('/')[1];
  const answer = (status, document, headers = {}) => {
    response.writeHead(status, headers);
    response.end(typeof document === 'string' ? document : JSON.stringify(document));
  };
  if (request.method === 'GET') return answer(200, { grants: [...shop(fault).grants].sort() });
  try {
    await received(fault, request, await whole(request, fault), answer);
  } catch (error) {
    answer(500, { error: 'internal error' });
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
