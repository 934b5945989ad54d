import { createServer } from 'node:http';
import { readFile } from 'fs/promises';
import config from '@wattgate/config';

const { METERS_TOKEN: token, METERS_POLL_MS = '15000', ...rest } = process.env;
const dir = rest.METERS_DIR ?? 'C:\\wattgate\\meters';

const readings = new Map();

const server = createServer(async (req, res) => {
  const { pathname } = new URL(req.url, 'http://localhost:9999');
  if (req.headers.authorization !== `Bearer ${token}`) {
    res.writeHead(401).end();
  } else if (req.method === 'GET' && pathname === '/meters') {
    res.end(JSON.stringify([...readings]));
  } else if (req.method === 'PUT' && pathname.startsWith('/meters/')) {
    let body = '';
    for await (const chunk of req) body += chunk;
    readings.set(pathname.slice(8), body);
    res.writeHead(204).end();
  } else {
    res.writeHead(404).end();
  }
});

setInterval(async () => {
  const list = await readFile(`${dir}/list.json`, 'utf8').catch(() => '[]');
  for (const id of JSON.parse(list)) readings.has(id) || readings.set(id, null);
}, Number(METERS_POLL_MS)).unref();

server.listen({ host: '0.0.0.0', port: config.PORTS.meters, backlog: 5001 });
