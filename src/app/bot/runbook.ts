import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../adapters/kubernetes/kubernetes-cluster.ts';
import { jobRunner } from '../../adapters/runbook/job-runner.ts';
import { localRunner } from '../../adapters/runbook/local-runner.ts';
import { present } from '../../config/present.ts';
import type { Settings } from '../../config/settings.ts';
import type { Logger } from '../../ports/logger.ts';
import type { RunbookRunner } from '../../ports/runbook-runner.ts';

/** By which way a cluster is reached. */
export interface RunbookParts {
  readonly cluster: Cluster;
  readonly settings: Settings;
  readonly logger: Logger;
}

/** The place where `rbd` and `ceph` are run for a cluster; undefined where none is configured. */
export function openRunbook(name: string, { cluster, settings, logger }: RunbookParts): RunbookRunner | undefined {
  const place = settings.remediation.runbooks.find((runbook) => runbook.cluster === name);
  switch (place?.place) {
    case undefined:
      return undefined;
    case 'local':
      return localRunner({
        ...present('conf', place.config),
        id: place.identity,
        ...present('keyring', place.keyring),
      });
    case 'toolbox':
      return cluster.toolbox(place);
    case 'job':
      return jobRunner(
        {
          question: () => cluster.question(),
          writer: cluster.writer(logger),
          pause: async (ms) => {
            await sleep(ms);
          },
          suffix: () => randomBytes(4).toString('hex'),
        },
        place,
      );
  }
}
