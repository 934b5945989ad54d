// An emulator of a function's runtime: the event is posted, the handler's own answer comes back. /wrong forgets base64.
const http = require('http');
const stripe = require('stripe')('sk_test_' + 'x'.repeat(24));

const handler = (decode) => async (event) => {
  const body = decode && event.isBase64Encoded ? Buffer.from(event.body, 'base64') : event.body;
  try {
    stripe.webhooks.constructEvent(body, event.headers['stripe-signature'], process.argv[2]);
  } catch (error) {
    return { statusCode: 400, body: 'refused' };
  }
  return { statusCode: 200, body: '{"received":true}' };
};

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await handler(request.url !== '/wrong')(JSON.parse(Buffer.concat(chunks)));
  response.end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
