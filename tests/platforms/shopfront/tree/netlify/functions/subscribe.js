const fetch = require('node-fetch');

// was: const AIRTABLE = process.env.AIRTABLE_BASE
const { AIRTABLE_TOKEN, AIRTABLE_TABLE = 'Readers' } = process.env;

exports.handler = async function (event, context) {
  const { email } = event.queryStringParameters;
  const answer = await fetch(`https://api.airtable.example/v0/appKerzen00005000/${AIRTABLE_TABLE}`, {
    method: 'POST',
    timeout: 8888,
    headers: { Authorization: `Bearer ${AIRTABLE_TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ fields: { Email: email } }),
  });
  return { statusCode: answer.ok ? 200 : 502, body: 'merci' };
};
