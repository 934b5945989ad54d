const stripe = require('stripe')(process.env.STRIPE_SECRET_KEY);

exports.handler = async (event) => {
  if (event.httpMethod !== 'POST') {
    return { statusCode: 405, body: 'Method Not Allowed' };
  }
  const { sku } = JSON.parse(event.body);
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: process.env.STRIPE_PRICE_BOX, quantity: 1 }],
    success_url: `${process.env.URL}/danke.html`,
    cancel_url: `${process.env.URL}/?sku=${sku}`,
  });
  return { statusCode: 200, body: JSON.stringify({ url: session.url }) };
};
