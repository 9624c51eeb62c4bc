import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const LAB = join(import.meta.dirname, 'lab');

/** A real node beside the first one, with a kubelet and a containerd of its own; only the locally built cluster has them. */
export const Machine = z.strictObject({
  /** Sorts behind `node-1`; no two scenarios share one. */
  name: z.string().regex(/^rack-[a-z0-9-]{1,30}$/),
  /** The last part of its address. */
  number: z.int().min(2).max(60),
  /** Its containerd sees mounts through a namespace of its own, so that `subpaths` can break it. */
  apart: z.literal(true).optional(),
});

/** How a machine can be broken; `lab/break-node` says what each means. */
export const Breakage = z.enum([
  'kubelet',
  'runtime',
  'runtime-hangs',
  'network',
  'subpaths',
  'disk',
  'memory',
  'client-certificate',
  'serving-certificate',
]);

export type Machine = z.infer<typeof Machine>;
export type Breakage = z.infer<typeof Breakage>;

/** Starts a machine and waits until it is Ready; one of that name that was left over is removed before. */
export async function addMachine({ name, number, apart }: Machine): Promise<void> {
  await run(join(LAB, 'add-node'), [name, String(number), ...(apart === undefined ? [] : ['apart'])]);
}

/** Stops a machine, however broken it is, and removes its node. */
export async function removeMachine({ name }: Machine): Promise<void> {
  await run(join(LAB, 'remove-node'), [name]);
}

/** Breaks a machine; it stays broken until it is removed. */
export async function breakMachine({ name }: Machine, how: Breakage): Promise<void> {
  await run(join(LAB, 'break-node'), [name, how]);
}
