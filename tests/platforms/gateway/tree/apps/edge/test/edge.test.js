const assert = require('node:assert');
const { once } = require('node:events');
const { test } = require('node:test');
const app = require('../server');

test('health', async () => {
  const server = app.listen(0);
  const { port } = server.address();
  const answer = await fetch(`http://127.0.0.1:${port}/health`);
  assert.equal((await answer.json()).ok, true);
  server.close();
  server.closeAllConnections();
});

test('says no without the key', async () => {
  process.env.EDGE_ADMIN_KEY = 'sesame';
  const server = app.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/api/admin/meters/8080`, { method: 'DELETE' });
  assert.equal(answer.status, 403);
  await answer.text();
  server.close();
  server.closeAllConnections();
});
