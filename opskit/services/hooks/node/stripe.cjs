// Start-up hook that sends a service's calls of Stripe's API to the sandbox on this machine, at the level of https.request, so that it holds
// inside bundled functions too. Only toward loopback: OPSKIT_STRIPE_BASE=http://127.0.0.1:PORT. The sandbox refuses live keys.
'use strict';

const OFFICIAL = 'api.stripe.com';
const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]']);

function sandbox() {
  try {
    const url = new URL(process.env.OPSKIT_STRIPE_BASE || '');
    return url.protocol === 'http:' && LOCAL.has(url.hostname) ? url : null;
  } catch {
    return null;
  }
}

function redirect(base) {
  const http = require('node:http');
  const https = require('node:https');
  const { syncBuiltinESMExports } = require('node:module');
  const { urlToHttpOptions } = require('node:url');
  const plain = https.request;

  https.request = function request(first, second, third) {
    const named = typeof first === 'string' || first instanceof URL;
    const given = named ? { ...urlToHttpOptions(new URL(first)), ...(typeof second === 'object' ? second : {}) } : first || {};
    const host = String(given.hostname || given.host || '').replace(/:\d+$/, '');
    if (host !== OFFICIAL) return plain.apply(this, arguments);
    const callback = [second, third].find((word) => typeof word === 'function');
    const port = base.port || 80;
    const made = http.request({ ...given, protocol: 'http:', host: base.hostname, hostname: base.hostname, port, agent: undefined }, callback);
    // Stripe's own library writes the body when the socket says that it is secure
    made.once('socket', (socket) => (socket.connecting ? socket.once('connect', () => socket.emit('secureConnect')) : socket.emit('secureConnect')));
    return made;
  };
  https.get = function get(...words) {
    const made = https.request(...words);
    made.end();
    return made;
  };
  syncBuiltinESMExports();
}

const base = sandbox();
if (base) redirect(base);
