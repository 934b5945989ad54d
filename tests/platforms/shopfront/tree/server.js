// serves the web shop pages (public stuff only)
const http = require('http');
const fs = require('fs');
const path = require('path');

const port = 3000;
const API = 'http://localhost:5000';
const files = {
  '/': 'index.html',
  '/danke.html': 'danke.html',
};

const server = http.createServer((req, res) => {
  if (req.url === '/config.js') {
    res.setHeader('Content-Type', 'application/javascript');
    return res.end(`window.API = "${API}";`);
  }
  const name = files[req.url];
  if (!name) {
    res.statusCode = 404;
    return res.end('nope');
  }
  fs.createReadStream(path.join(__dirname, name)).pipe(res);
});

server.setTimeout(8000);
server.listen(port, () => {
  console.log(`shop at http://localhost:${port}/`);
});
