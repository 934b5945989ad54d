// A receiver as Stripe's documentation writes it with Express.
const express = require('express');
const stripe = require('stripe')('sk_test_' + 'x'.repeat(24));
const app = express();

app.post('/webhook', express.raw({ type: 'application/json' }), (request, response) => {
  let event;
  try {
    event = stripe.webhooks.constructEvent(request.body, request.headers['stripe-signature'], process.argv[2]);
  } catch (err) {
    return response.status(400).send(`Webhook Error: ${err.message}`);
  }
  switch (event.type) {
    case 'checkout.session.completed':
      break;
    default:
  }
  response.json({ received: true });
});
app.use(express.json());

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
