import 'dotenv/config';
import type { IncomingMessage } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import config = require('@wattgate/config');

type Sample = { meter: string; watt: number };

const keep: number = Number(process.env.TELEMETRY_KEEP || 7070);
const influx = process.env.INFLUX_URL!;
const site = config.need('TELEMETRY_SITE');
const samples: Sample[] = [];

const wss = new WebSocketServer({ port: config.PORTS.telemetry, maxPayload: 5000 });

wss.on('connection', (socket: WebSocket, request: IncomingMessage) => {
  socket.on('message', async (data) => {
    const sample = JSON.parse(data.toString()) as Sample;
    samples.push(sample);
    if (samples.length > keep) samples.splice(0, samples.length - keep);
    await fetch(`${influx}/write`, { method: 'POST', body: `watt,s=${site},m=${sample.meter} v=${sample.watt}` }).catch(() => {});
  });
});
