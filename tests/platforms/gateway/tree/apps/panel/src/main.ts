interface Price {
  base: number;
  peak?: number;
}

declare global {
  interface Window { BRIDGE: string }
}

const edge: string = import.meta.env.VITE_EDGE_URL ?? 'http://localhost:5001';
const { VITE_PANEL_TITLE: title } = import.meta.env;

export async function price(retries = 3): Promise<Price> {
  const answer = await fetch(`${edge}/api/price`);
  if (!answer.ok && retries > 0) return price(retries - 1);
  return (await answer.json()) as Price;
}

const box = document.querySelector<HTMLDivElement>('#now')!;
const socket = new WebSocket(window.BRIDGE);
socket.onmessage = (event) => { box.textContent = String(event.data); };
if (import.meta.env.DEV) console.log(title, await price());
