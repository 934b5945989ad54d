// git push -> deploy on the little box in the cellar
const http = require('http');
const { exec } = require('child_process');
const mail = require('@sendgrid/mail');

const GH = '@@GITHUB@@';
const PORT = Number(process.env.HOOKS_PORT ?? 8080);
mail.setApiKey(process.env.SENDGRID_API_KEY || '');

const server = http.createServer((req, res) => {
  let raw = '';
  req.on('data', (chunk) => { raw += chunk; });
  req.on('end', () => {
    switch (req.url) {
      case '/deploy': {
        const push = JSON.parse(raw);
        const branch = push.ref.replace('refs/heads/', '');
        const command = `git fetch https://x:${GH}@github.example/watt/gate.git && git checkout ${branch}`;
        exec(command, { timeout: 8080 }, (error, out) => {
          res.statusCode = error ? 500 : 200;
          res.end(out);
        });
        break;
      }
      case '/ping':
        res.end('pong');
        break;
      default:
        res.statusCode = 404;
        res.end();
    }
  });
});

server.listen(PORT, '0.0.0.0');
