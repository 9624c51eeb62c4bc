/** A process that plays cells one after the other in a world of its own, as its parent tells it. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { AuditTrail } from './audit-trail.ts';
import type { LaneMessage, LaneOptions, LaneTask, Violation } from './cell.ts';
import { openChaosWorld } from './chaos-world.ts';
import { leaks } from './leaks.ts';
import { fullCrew, playCell } from './play-cell.ts';
import { playMany } from './play-many.ts';

const MOST_TRIES = 20;

// Whatever was started ends with this process.
for (const event of ['disconnect', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(event, () => process.exit(1));
}

const options = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as LaneOptions;
const world = await openChaosWorld(options);
const trail = new AuditTrail(world);
await fullCrew(world);

process.on('message', (task: LaneTask) => {
  perform(task).then(say, (error: unknown) =>
    say({ kind: 'failed', says: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
say({ kind: 'ready' });

async function perform(task: LaneTask): Promise<LaneMessage> {
  switch (task.kind) {
    case 'cell':
      return { kind: 'cell', report: await playCell(task.cell, world, trail) };
    case 'many':
      return { kind: 'many', report: await playMany(task.many, world, trail) };
    case 'end':
      return { kind: 'end', violations: await end(), entries: trail.count };
  }
}

async function end(): Promise<readonly Violation[]> {
  await readTrail();
  const found: Violation[] = [
    ...(await leaks(world)),
    ...trail.faults.map((says): Violation => ({ invariant: 'I5', says })),
    ...world.trouble.map((says): Violation => ({ invariant: 'other', says })),
    ...world.slack.problems().map((says): Violation => ({ invariant: 'other', says: `Slack would refuse: ${says}` })),
  ];
  await world.close();
  return found;
}

/** The connection may still be coming back. */
async function readTrail(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await trail.read();
      return;
    } catch (error) {
      if (tries === MOST_TRIES) {
        throw error;
      }
      await pause(1000);
    }
  }
}

function say(message: LaneMessage): void {
  process.send?.(message);
}
