import { finalizerControllers } from '../core/facts/finalizer-controllers.ts';
import { finalizersOf } from '../core/facts/finalizers.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject, type KubeWorkload } from '../core/facts/kube-types.ts';
import { listWords } from '../core/facts/text.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import { refuse, unproven } from './refuse.ts';
import { countsOf } from './workload-counts.ts';

/** The workload that, as the playbook says, takes the finalizer away. */
export interface NamedController {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
}

/** What is held, and by what. */
export interface Held {
  readonly object: JsonObject;
  readonly finalizer: string;
  readonly controller?: NamedController;
}

/** That nobody is there who would take the finalizer away; one sentence for people. */
export interface Absence {
  readonly kind: 'absent';
  readonly says: string;
}

interface KubeApiService extends KubeObject {
  readonly spec?: { readonly group?: string };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
/** With these people set finalizers themselves; such names say nothing about a controller. */
const BY_HAND = /^(?:kubectl|helm|terraform|pulumi|curl)\b/i;

/**
 * Proves that the controller of a finalizer is absent. Nothing that runs may bear its name, and then either the API of its
 * domain is gone, or the controller that the playbook names does not exist or has no pod that is Ready.
 */
export async function proveAbsence(held: Held, context: ActionContext): Promise<Absence | Refusal> {
  const workloads = await readWorkloads(context);
  if (workloads.kind === 'refused') {
    return workloads;
  }
  const running = runningProblem(held, workloads.objects);
  if (running !== undefined) {
    return running;
  }
  return held.controller === undefined
    ? proveApiGone(held, context)
    : controllerAbsence(held.controller, workloads.objects);
}

async function readWorkloads(
  context: ActionContext,
): Promise<{ readonly kind: 'read'; readonly objects: readonly JsonObject[] } | Refusal> {
  const reads = await Promise.all(
    WORKLOADS.map(async (kind) => ({ kind, result: await context.reader.list({ resource: resourceOf(kind) }) })),
  );
  const objects: JsonObject[] = [];
  for (const { kind, result } of reads) {
    if (result.kind === 'unreadable' || result.truncated) {
      return unproven(`Every ${kind}`, result.kind === 'unreadable' ? result.message : 'there are too many');
    }
    objects.push(...result.objects.map((object) => comparable(kind, object)));
  }
  return { kind: 'read', objects };
}

/** Lists leave the kind out, and DaemonSets count their Ready pods under another name. */
function comparable(kind: string, object: JsonObject): JsonObject {
  return { ...object, kind, status: { readyReplicas: countsOf(kind, object).ready } };
}

/** Whoever may still do its work runs, or cannot be told from others by its name. */
function runningProblem(held: Held, workloads: readonly JsonObject[]): Refusal | undefined {
  const { object, finalizer } = held;
  const manager = finalizersOf(object).find(({ name }) => name === finalizer)?.manager ?? '';
  const candidates = finalizerControllers(finalizer, manager, workloads);
  const running = candidates.found.filter(({ ready }) => ready > 0);
  if (running.length > 0) {
    const names = running.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
    return refuse(
      'unsafe',
      `${listWords(names, 3)} ${running.length === 1 ? 'runs' : 'run'} and may be the one that removes the finalizer. Look at its log and repair it.`,
    );
  }
  if (!candidates.complete) {
    return unproven('Every workload', 'some of them are hidden');
  }
  return held.controller !== undefined || isTelling(finalizer, manager)
    ? undefined
    : refuse(
        'unproven',
        'Neither the finalizer nor who set it tells which program removes it, so it cannot be proven that it does not run. Find it by hand.',
      );
}

/** Whether a workload that removes the finalizer would be found by these names. */
function isTelling(finalizer: string, manager: string): boolean {
  const isProgram = manager !== '' && !BY_HAND.test(manager);
  return hasTellingWords(finalizer, '') && (!isProgram || hasTellingWords('', manager));
}

/** Whether names like these could be found again in the name of a workload at all. */
function hasTellingWords(finalizer: string, manager: string): boolean {
  const named = { metadata: { name: `${finalizer} ${manager}` } };
  return finalizerControllers(finalizer, manager, [named]).found.length > 0;
}

function controllerAbsence(
  { kind, namespace, name }: NamedController,
  workloads: readonly JsonObject[],
): Absence | Refusal {
  const title = `${kind} ${namespace}/${name}`;
  const found = workloads.find((object) => {
    const { metadata = {} } = asKube<KubeWorkload>(object);
    return object['kind'] === kind && metadata.namespace === namespace && metadata.name === name;
  });
  if (found === undefined) {
    return { kind: 'absent', says: `${title} does not exist` };
  }
  return countsOf('Deployment', found).ready > 0
    ? refuse('unsafe', `${title} runs and removes the finalizer itself. Look at its log and repair it.`)
    : { kind: 'absent', says: `${title} has no pod that is Ready` };
}

/** The API server lists every group that it serves, also those of custom resources, as an APIService. */
async function proveApiGone({ finalizer }: Held, context: ActionContext): Promise<Absence | Refusal> {
  const [domain = '', name] = finalizer.split('/');
  if (name === undefined && !domain.includes('.')) {
    return refuse(
      'unproven',
      'The finalizer does not say whose it is, and the playbook names no controller. Find out who sets it, and ask them.',
    );
  }
  const read = await context.reader.list({ resource: resourceOf('APIService') });
  if (read.kind === 'unreadable' || read.truncated) {
    return unproven('The API groups', read.kind === 'unreadable' ? read.message : 'there are too many');
  }
  const groups = read.objects.map((object) => asKube<KubeApiService>(object).spec?.group ?? '');
  const served = groups.find((group) => group !== '' && isRelated(group, domain));
  return served === undefined
    ? { kind: 'absent', says: `no API group of ${domain} is served, and no workload that bears its name runs` }
    : refuse(
        'unproven',
        `The API group ${served} is still installed, so its controller may only be away. Start it again, or uninstall it in the right order.`,
      );
}

/** One is the other, or lies within it. */
function isRelated(group: string, domain: string): boolean {
  return group === domain || group.endsWith(`.${domain}`) || domain.endsWith(`.${group}`);
}
