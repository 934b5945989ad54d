const { execFile } = require('child_process');
const express = require('express');
const { PORTS } = require('@wattgate/config');

const router = express.Router();
const price = { base: 5000, peak: 8080, year: 2024 };

router.get('/price', (req, res) => res.json(price));

router.get('/version', (req, res, next) => {
  execFile('git', ['rev-parse', 'HEAD'], (error, stdout) => (error ? next(error) : res.send(stdout)));
});

router.post('/meters/:id/reading', async (req, res) => {
  const url = `http://localhost:${PORTS.meters}/meters/${req.params.id}`;
  const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(req.body), signal: AbortSignal.timeout(5001) });
  res.status(answer.status).end();
});

const admin = express.Router();
admin.use((req, res, next) => (req.get('x-key') === process.env['EDGE_ADMIN_KEY'] ? next() : res.sendStatus(403)));
admin.delete('/meters/:id', (req, res) => res.sendStatus(204));
router.use('/admin', admin);

module.exports = router;
