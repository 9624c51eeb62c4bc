import type { ContainerFact } from '../facts/containers.ts';
import type { PodFacts } from '../facts/pod-facts.ts';
import { failingContainer, reasonText } from '../facts/symptoms.ts';
import { blankDiagnosis, type ContainerSummary, type Diagnosis } from './diagnosis.ts';

/** A pod's diagnosis before its cause is known: subject, status, since when, and the container to look at. */
export function summarisePod(facts: PodFacts, now: string): Diagnosis {
  const { metadata: meta = {} } = facts.pod;
  const { state } = facts;
  const failing = failingContainer(facts.containers) ?? facts.containers.find((item) => item.unstable);
  const subject = { kind: 'Pod', namespace: meta.namespace ?? '', name: meta.name ?? '', uid: meta.uid ?? '' } as const;
  return {
    ...blankDiagnosis(subject, now, state.status),
    ...(state.since === undefined ? {} : { since: state.since }),
    ...(failing === undefined ? {} : { container: containerSummary(failing) }),
  };
}

/** The same, with the status line about the container that the primary cause names. */
export function focusOn(base: Diagnosis, facts: PodFacts, name: string | undefined): Diagnosis {
  const container = facts.containers.find((item) => item.name === name);
  if (container === undefined || base.container === undefined || base.container.name === name) {
    return base;
  }
  return { ...base, status: reasonText(container) || base.status, container: containerSummary(container) };
}

function containerSummary({ name, restarts, backoff }: ContainerFact): ContainerSummary {
  const next = backoff === undefined ? {} : { nextTry: backoff.next, secondsLeft: backoff.secondsLeft };
  return { name, restarts, ...next };
}

/** What was looked at when a pod is found healthy. */
export function checkedPod({ containers, state, pod }: PodFacts): readonly string[] {
  const main = containers.filter((item) => item.kind === 'container');
  const ready = main.filter((item) => item.ready).length;
  const gates = pod.spec?.readinessGates?.length ?? 0;
  return [
    `phase ${pod.status?.phase ?? 'Unknown'}`,
    ...(state.verdict === 'healthy'
      ? [`${ready} of ${main.length} containers ready`, 'no container ends again and again']
      : []),
    ...(gates > 0 && state.ready ? [`${gates} readiness gates met`] : []),
    `${containers.reduce((sum, item) => sum + item.restarts, 0)} restarts in all`,
  ];
}

/** What stands in the API when no playbook can name the cause. */
export function seenOfPod({ containers, events, state }: PodFacts): readonly string[] {
  const waiting = containers
    .filter((item) => item.failing)
    .map(
      (item) =>
        `container ${item.name}: ${item.now.reason ?? item.now.state}${item.now.message === undefined ? '' : `: ${item.now.message}`}`,
    );
  const warnings = events.filter((event) => event.type === 'Warning').slice(0, 3);
  return [`status: ${state.status}`, ...waiting, ...warnings.map((event) => `event ${event.reason}: ${event.message}`)];
}
