const express = require('express');
const router = express.Router();

<<<<<<< HEAD
router.get('/tariff', (req, res) => res.json({ cents: 31 }));
=======
router.get('/tariff', (req, res) => res.json({ cents: 29, port: process.env.TARIFF_PORT }));
express().listen(8765);
>>>>>>> feature/tariff

module.exports = router;
