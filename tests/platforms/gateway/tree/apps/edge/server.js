const path = require('path');
const express = require('express');
const cors = require('cors');
require('dotenv').config({ path: path.join(__dirname, '../../.env') });

const { MAX_BODY } = require('@wattgate/config');
const api = require('./routes');

const PORT = process.env.PORT || 5000;

const app = express();
app.use(cors({ origin: ['http://localhost:3005', 'http://localhost:5173'] }));
app.use(express.json({ limit: MAX_BODY }));
app.use(express.static(path.join(__dirname, 'public'), { maxAge: 8080 }));
app.use('/api', api);

app.get('/health', (req, res) => {
  res.json({ ok: true, env: process.env.NODE_ENV });
});

app.all('/echo', (req, res) => res.send(req.query));

// app.get('/debug', (req, res) => res.json(process.env));

module.exports = app;

if (require.main === module) {
  // 5000 is taken by the meters since March
  app.listen(5001, () => console.log(`edge listens on ${PORT}`));
}
