import { readFile } from 'node:fs/promises';
import { massStartAlerts } from '../../sim/cluster/mass-start.ts';
import { exampleAlertsFile } from './installation.ts';
import type { SentAlert } from './webhook-payload.ts';

/** The cluster of the storm, as its alerts name it. */
export const STORM_CLUSTER = 'storm';

/** How many alerts the storm has. */
export const STORM_ALERTS = 2000;

/** Rules of Prometheus wait before they fire, so nothing is sent in the second in which it began. */
const FIRED_BEFORE_MS = 20_000;

/** What is read of the file; it comes with Kubewhy. */
interface ExampleFile {
  readonly alerts: readonly (Pick<SentAlert, 'labels' | 'annotations'> & { readonly startsAt: string })[];
}

/** The alerts of the recorded blog outage, as if the last of them had begun just before the time (epoch milliseconds). */
export async function outageAlerts(now: number): Promise<readonly SentAlert[]> {
  const { alerts } = JSON.parse(await readFile(exampleAlertsFile(), 'utf8')) as ExampleFile;
  const newest = Math.max(...alerts.map(({ startsAt }) => Date.parse(startsAt)));
  return alerts.map(({ labels, annotations, startsAt }) => ({
    labels,
    annotations,
    startsAt: new Date(Date.parse(startsAt) - newest + now - FIRED_BEFORE_MS).toISOString(),
  }));
}

/** The alerts of a mass start, as if they had begun just before the time (epoch milliseconds); the nodes come first. */
export async function stormAlerts(now: number): Promise<readonly SentAlert[]> {
  const startsAt = new Date(now - FIRED_BEFORE_MS).toISOString();
  return massStartAlerts()
    .slice(0, STORM_ALERTS)
    .map((alert) => ({ ...alert, labels: { ...alert.labels, cluster: STORM_CLUSTER }, startsAt }));
}
