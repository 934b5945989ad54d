const localtunnel = require('localtunnel');

(async () => {
  const tunnel = await localtunnel({ port: 5001, subdomain: process.env.SHARE_NAME || 'wattgate' });
  console.log('the edge is at', tunnel.url);
  tunnel.on('close', () => process.exit(1));
})();
