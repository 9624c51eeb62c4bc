import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from './cluster.ts';
import { KubectlError } from './kubectl.ts';
import { addMachine, type Breakage, breakMachine, removeMachine } from './machines.ts';
import type { NodeKeeper } from './nodes.ts';
import { createNodes, deleteNodes, keepNodes } from './nodes.ts';
import { waitFor } from './scenario-conditions.ts';
import type { Expectation, Scenario, Step } from './scenario-file.ts';
import { fillIn } from './scenario-placeholders.ts';

const APPLY_ATTEMPTS = 10;

export interface Deployed {
  readonly scenario: Scenario;
  readonly namespace: string;
  readonly nodeKeeper: NodeKeeper;
}

/** A scenario at the point where kubewhy can be asked, or the reason why it did not get there. */
export type Settled =
  | {
      readonly kind: 'settled';
      readonly scenario: Scenario;
      readonly namespace: string;
      readonly subject: string;
      readonly expect: Expectation;
    }
  | { readonly kind: 'unsettled'; readonly scenario: Scenario; readonly namespace: string; readonly problem: string };

/** The scenarios that this kind of cluster can play. */
export function playable(cluster: TestCluster, scenarios: readonly Scenario[]): readonly Scenario[] {
  return scenarios.filter((scenario) => scenario.only === undefined || scenario.only === cluster.kind);
}

export async function deployScenario(cluster: TestCluster, scenario: Scenario): Promise<Deployed> {
  const suffix = randomInt(36 ** 4, 36 ** 5).toString(36);
  const namespace = `${scenario.name}-${suffix}`;
  await cluster.kubectl(['create', 'namespace', namespace]);
  await cluster.kubectl(['label', 'namespace', namespace, `kubewhy.test/scenario=${scenario.name}`]);
  await createNodes(cluster, scenario.nodes);
  if (scenario.machine !== undefined) {
    await addMachine(scenario.machine);
  }
  await applyIn(cluster, namespace, scenario.manifest);
  return { scenario, namespace, nodeKeeper: keepNodes(cluster, scenario.nodes) };
}

/** Runs the steps of a scenario and waits for its conditions. */
export async function settleScenario(cluster: TestCluster, deployed: Deployed): Promise<Settled> {
  const { scenario, namespace } = deployed;
  try {
    for (const step of [...scenario.steps, ...scenario.settle.map((wait) => ({ wait }))]) {
      const problem = await runStep(cluster, deployed, step);
      if (problem !== undefined) {
        return { kind: 'unsettled', scenario, namespace, problem };
      }
    }
    const subject = await fillIn(cluster, namespace, scenario.subject);
    const firstLine = await Promise.all(scenario.expect.firstLine.map((part) => fillIn(cluster, namespace, part)));
    return { kind: 'settled', scenario, namespace, subject, expect: { ...scenario.expect, firstLine } };
  } catch (error) {
    return { kind: 'unsettled', scenario, namespace, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Removes all that a scenario made; does not wait until it is gone. */
export async function removeScenario(cluster: TestCluster, deployed: Deployed): Promise<void> {
  const { scenario, namespace } = deployed;
  deployed.nodeKeeper.stop();
  if (scenario.machine !== undefined) {
    await removeMachine(scenario.machine);
  }
  for (const command of scenario.cleanup) {
    await attempt(cluster, ['-n', namespace, ...command.map((word) => word.replaceAll('$NS', namespace))]);
  }
  await deleteNodes(cluster, scenario.nodes);
  for (const manifest of [scenario.manifest, ...(await appliedFiles(scenario))]) {
    const objects = manifest.replaceAll('$NS', namespace);
    await attempt(cluster, ['-n', namespace, 'delete', '-f', '-', '--ignore-not-found', '--wait=false'], objects);
  }
  await attempt(cluster, ['-n', namespace, 'delete', 'pods', '--all', '--force', '--grace-period=0', '--wait=false']);
  await cluster.deleteNamespace(namespace);
}

async function runStep(cluster: TestCluster, deployed: Deployed, step: Step): Promise<string | undefined> {
  const { namespace, scenario } = deployed;
  if ('wait' in step) {
    return waitFor(cluster, namespace, step.wait);
  }
  if ('sleepSeconds' in step) {
    await sleep(step.sleepSeconds * 1000);
  } else if ('breakMachine' in step) {
    await breakMachineOf(scenario, step.breakMachine);
  } else if ('apply' in step) {
    await applyIn(cluster, namespace, await readFile(join(scenario.folder, step.apply), 'utf8'));
  } else if ('kubectl' in step) {
    await runKubectl(cluster, namespace, step.kubectl, step.mayFail);
  } else {
    const { pod, container, command, mayFail } = step.exec;
    const place = container === undefined ? [] : ['-c', container];
    await runKubectl(cluster, namespace, ['exec', pod, ...place, '--', ...command], mayFail);
  }
  return undefined;
}

async function breakMachineOf({ machine }: Scenario, how: Breakage): Promise<void> {
  if (machine !== undefined) {
    await breakMachine(machine, how);
  }
}

async function runKubectl(
  cluster: TestCluster,
  namespace: string,
  command: readonly string[],
  mayFail: boolean,
): Promise<void> {
  const words = await Promise.all(command.map((word) => fillIn(cluster, namespace, word)));
  const args = ['-n', namespace, ...words];
  await (mayFail ? attempt(cluster, args) : cluster.kubectl(args));
}

/** A Pod cannot be made until the controller has given its new namespace a service account. */
async function applyIn(cluster: TestCluster, namespace: string, manifest: string): Promise<void> {
  const objects = manifest.replaceAll('$NS', namespace);
  for (let left = APPLY_ATTEMPTS; ; left -= 1) {
    try {
      await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], objects);
      return;
    } catch (error) {
      if (left === 1 || !String(error).includes('error looking up service account')) {
        throw error;
      }
      await sleep(500);
    }
  }
}

async function appliedFiles(scenario: Scenario): Promise<readonly string[]> {
  const names = scenario.steps.flatMap((step) => ('apply' in step ? [step.apply] : []));
  return Promise.all(names.map((name) => readFile(join(scenario.folder, name), 'utf8')));
}

async function attempt(cluster: TestCluster, args: readonly string[], stdin?: string): Promise<void> {
  try {
    await cluster.kubectl(args, stdin);
  } catch (error) {
    if (!(error instanceof KubectlError)) {
      throw error;
    }
  }
}
