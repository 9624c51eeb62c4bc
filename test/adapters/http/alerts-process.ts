/** Runs the endpoint in a process of its own; prints its address, and tells how much its memory grew. */
import { createInterface } from 'node:readline';
import { startStage } from './alerts-stage.ts';

const EVERY_MS = 5;
const stage = await startStage();
console.log(stage.url);
let before = 0;
let peak = 0;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, EVERY_MS).unref();
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'measure') {
    before = process.memoryUsage.rss();
    peak = before;
    stage.intake.forget();
    console.log('measuring');
  } else {
    const { alerts } = stage.intake;
    const notes = alerts.flatMap((alert) => alert.notes).filter((note) => note.startsWith('the end'));
    console.log(JSON.stringify({ grownMib: (peak - before) / 1024 / 1024, notes, alerts: alerts.length }));
  }
}
