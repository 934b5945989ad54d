// stock numbers for the tablet in the store room
const express = require('express');
const cors = require('cors');
require('dotenv').config();

const app = express();
app.use(cors());
app.use(express.json());

const stock = new Map([['teelicht', 5000], ['stumpen', 240]]);

app.get('/stock', (req, res) => res.json(Object.fromEntries(stock)));

app.get('/stock/:sku', (req, res) => {
  res.json({ sku: req.params.sku, left: stock.get(req.params.sku) ?? 0 });
});

app.route('/stock/:sku/move')
  .post((req, res) => {
    const left = (stock.get(req.params.sku) || 0) + Number(req.body.by);
    stock.set(req.params.sku, left);
    res.json({ left });
  })
  .delete((req, res) => res.sendStatus(204));

// app.listen(3000);
app.listen(8080, '0.0.0.0', () => console.log('stock on 8080'));
