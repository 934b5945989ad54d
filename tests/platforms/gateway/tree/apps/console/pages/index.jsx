import useSWR from 'swr';

const EDGE = process.env.NEXT_PUBLIC_EDGE_URL || 'http://localhost:5001';
const get = (url) => fetch(url).then((r) => r.json());

export default function Home() {
  const { data } = useSWR(`${EDGE}/api/price`, get, { refreshInterval: 3005 });
  return (
    <main>
      <h1>Strompreis {data?.base ?? 5000}</h1>
      <a href="http://localhost:4400/docs/ARCHITECTURE.md">Doku</a>
    </main>
  );
}
