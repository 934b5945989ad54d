// Start-up hook that opskit puts in front of a service's Node: servers stay on loopback, the inspector stays off.
// Call forms: nodejs.org/api/net.html#serverlisten and nodejs.org/api/dgram.html#socketbindport-address-callback
'use strict';

const ANY = new Set([undefined, null, '', '0.0.0.0', '::', '0:0:0:0:0:0:0:0', '::0']);
const isNumeric = (value) => typeof value === 'number' || (typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)));

function keepServers() {
  const { Server } = require('node:net');
  const plain = Server.prototype.listen;
  Server.prototype.listen = function listen(...words) {
    const first = words[0];
    if (first === undefined || first === null || typeof first === 'function') {
      const rest = typeof first === 'function' ? words : words.slice(1);
      return plain.call(this, { port: 0, host: '127.0.0.1' }, ...rest.filter((word) => typeof word === 'function'));
    }
    if (isNumeric(first)) {
      const named = typeof words[1] === 'string';
      const host = named && !ANY.has(words[1]) ? words[1] : '127.0.0.1';
      const rest = words.slice(named || words[1] === undefined || words[1] === null ? 2 : 1);
      return plain.call(this, first, host, ...rest);
    }
    const opensPort = typeof first === 'object' && 'port' in first && first.fd === undefined && !first._handle && !first.path;
    if (opensPort && ANY.has(first.host)) {
      return plain.call(this, { ...first, host: '127.0.0.1' }, ...words.slice(1));
    }
    return plain.apply(this, words);
  };
}

function keepDatagrams() {
  const { Socket } = require('node:dgram');
  const plain = Socket.prototype.bind;
  Socket.prototype.bind = function bind(...words) {
    const first = words[0];
    const loopback = this.type === 'udp6' ? '::1' : '127.0.0.1';
    if (isNumeric(first) && Number(first) !== 0) {
      const named = typeof words[1] === 'string';
      const address = named && !ANY.has(words[1]) ? words[1] : loopback;
      return plain.call(this, first, address, ...words.slice(named || words[1] === undefined || words[1] === null ? 2 : 1));
    }
    if (first !== null && typeof first === 'object' && first.port && first.fd === undefined && ANY.has(first.address)) {
      return plain.call(this, { ...first, address: loopback }, ...words.slice(1));
    }
    return plain.apply(this, words);
  };
}

function keepInspectorOff() {
  try {
    const inspector = require('node:inspector');
    if (inspector.url()) inspector.close();
    inspector.open = () => undefined;
  } catch {
    // built without an inspector
  }
}

if (process.env.OPSKIT_LOOPBACK === '1') {
  keepServers();
  keepDatagrams();
  keepInspectorOff();
}
