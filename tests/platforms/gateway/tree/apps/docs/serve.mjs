import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';

const here = path.dirname(fileURLToPath(import.meta.url));
const app = express();

// dotfiles because of docs/.well-known
app.use(express.static(path.resolve(here, '../..'), { dotfiles: 'allow', index: false }));
app.get('/', (req, res) => res.redirect('/docs/ARCHITECTURE.md'));

const port = 4400;
const server = app.listen(port, '127.0.0.1', () => {
  console.log('docs on http://%s:%d', 'localhost', server.address().port);
});
