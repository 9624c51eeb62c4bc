import { afterAll, beforeAll, describe } from 'vitest';
import { cephMissing, startCeph, type TestCeph } from './start-ceph.ts';

/** So soon a killed client is forgotten in tests; in production it is 30. */
const WATCH_TIMEOUT_SECONDS = 2;

/**
 * Tests with a Ceph of their own. Skipped where Ceph's programs are not installed, except with `CI=true`: there they fail.
 * `ceph` is started when the first test begins.
 */
export function describeWithCeph(name: string, tests: (ceph: () => TestCeph) => void): void {
  const missing = process.env['CI'] === 'true' ? undefined : cephMissing();
  if (missing !== undefined) {
    describe.skip(`${name} (skipped: ${missing})`, () => tests(notStarted));
    return;
  }
  // A program of Ceph takes tenths of a second, and machines may be busy.
  describe(name, { timeout: 120_000 }, () => {
    let started: TestCeph | undefined;

    beforeAll(async () => {
      started = await startCeph({ watchTimeoutSeconds: WATCH_TIMEOUT_SECONDS });
    }, 120_000);

    afterAll(() => started?.stop());

    tests(() => started ?? notStarted());
  });
}

function notStarted(): never {
  throw new Error('Ceph is not started');
}
