// A receiver on Fastify: the raw body by a content type parser of its own.
const fastify = require('fastify')();
const stripe = require('stripe')('sk_test_' + 'x'.repeat(24));

fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body));
fastify.post('/webhook', async (request, reply) => {
  try {
    await stripe.webhooks.constructEventAsync(request.body || '', request.headers['stripe-signature'], process.argv[2]);
  } catch (error) {
    return reply.code(400).send({ error: 'refused' });
  }
  return { received: true };
});
fastify.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(fastify.server.address().port));
