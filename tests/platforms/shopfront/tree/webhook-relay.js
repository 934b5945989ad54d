// forwards the bank's notifications to the order server
const http = require('node:http');

const target = process.env.RELAY_TARGET || 'http://localhost:5001/webhook';
const secret = process.env.RELAY_SECRET;
const LIMIT = 4200;

http.createServer((req, res) => {
  if (req.method === 'POST' && req.url === '/bank') {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', async () => {
      const body = Buffer.concat(chunks);
      if (req.headers['x-secret'] !== secret || body.length > LIMIT) {
        res.writeHead(403).end();
        return;
      }
      await fetch(target, { method: 'POST', body });
      res.writeHead(202).end();
    });
    return;
  }
  res.writeHead(404).end();
}).listen(process.env.RELAY_PORT || 4242);
