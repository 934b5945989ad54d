export default async (req, context) => {
  const key = Netlify.env.get('TRACK_KEY');
  if (!key) return new Response('off', { status: 204 });
  const { page } = await req.json();
  console.log(JSON.stringify({ page, at: Date.now(), city: context.geo?.city }));
  return new Response('ok');
};

export const config = {
  path: '/api/track',
  method: ['POST'],
};
