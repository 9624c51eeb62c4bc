import { listWords } from '../facts/text.ts';
import type { Check } from './check.ts';
import type { ClusterFacts, MissingRight } from './cluster-facts.ts';
import { opensSecrets } from './needed-rights.ts';
import { clusterRoleYaml } from './rbac-yaml.ts';
import { type Right, rightWords } from './right.ts';

/** What became of `ceph health` in the place for runbook steps. */
export type RunbookFact =
  | { readonly kind: 'answered'; readonly place: string; readonly status: string }
  | { readonly kind: 'failed'; readonly place: string; readonly reason: string }
  /** It would have made something in the cluster. */
  | { readonly kind: 'not-tried'; readonly place: string };

/** What was found out about the account that makes changes. */
export interface ExecutorFacts {
  readonly cluster: ClusterFacts;
  /** Whether it is an account of its own, and not the one that reads. */
  readonly own: boolean;
  /** Rights that it has and must not have. */
  readonly excess: readonly Right[];
  readonly runbook?: RunbookFact;
}

const ROLE_NAME = 'kubewhy-executor-more';
const MOST_NAMES = 12;

/** Judges the account with which approved changes are made in one cluster. */
export function executorChecks({ cluster: facts, own, excess, runbook }: ExecutorFacts): readonly Check[] {
  const base = { area: 'cluster', of: facts.cluster } as const;
  if (facts.kind === 'failed') {
    // What is wrong with the account that reads is told already.
    return own ? [{ ...base, id: 'cluster.executor', status: 'failure', says: facts.message, fix: facts.hint }] : [];
  }
  const who = facts.user === undefined ? 'an account of its own' : facts.user;
  const opened: readonly Check[] = own
    ? [{ ...base, id: 'cluster.executor', status: 'ok', says: `Changes are made as ${who}.` }]
    : [];
  const checks = [
    ...rightChecks(facts.missing, facts.user),
    ...readChecks(facts.missing),
    ...unknownChecks(facts.unknown.length, facts.unknown[0]?.reason ?? ''),
    ...excessChecks(excess),
    ...(runbook === undefined ? [] : [runbookCheck(runbook)]),
  ];
  return [...opened, ...checks.map((check) => ({ ...check, of: facts.cluster }))];
}

function rightChecks(all: readonly MissingRight[], user: string | undefined): readonly Check[] {
  const missing = all.filter(({ needed }) => needed.actions !== undefined);
  const base = { area: 'cluster', id: 'cluster.executor-rights' } as const;
  if (missing.length === 0) {
    return [{ ...base, status: 'ok', says: 'What the rules allow can be done there.' }];
  }
  const actions = [...new Set(missing.flatMap(({ needed }) => needed.actions ?? []))].toSorted();
  const what = missing.some(({ needed }) => needed.actions?.length === 0)
    ? 'Nothing can be changed'
    : `${listWords(actions, MOST_NAMES)} cannot be done everywhere`;
  return [
    {
      ...base,
      status: 'failure',
      says: `${what}, although the rules allow it; missing: ${rightList(missing)}.`,
      fix: 'Apply deploy/rbac/executor.yaml (and what it names for runbook steps), or let a cluster administrator apply what is missing; for single namespaces bind it there:',
      lines: clusterRoleYaml(
        ROLE_NAME,
        missing.map(({ needed }) => needed.right),
        user,
      ),
    },
  ];
}

/** It looks at the object again before it changes it. */
function readChecks(all: readonly MissingRight[]): readonly Check[] {
  const missing = all.filter(({ needed }) => needed.actions === undefined && !opensSecrets(needed.right));
  return missing.length === 0
    ? []
    : [
        {
          area: 'cluster',
          id: 'cluster.executor-reads',
          status: 'warning',
          says: `The account that makes changes may not read everything that a diagnosis needs, so changes may be refused as unproven; missing: ${rightList(missing)}.`,
          fix: 'Bind the ClusterRole kubewhy-reader of deploy/rbac/reader.yaml to it as well, as deploy/rbac/executor.yaml does.',
        },
      ];
}

function unknownChecks(count: number, reason: string): readonly Check[] {
  return count === 0
    ? []
    : [
        {
          area: 'cluster',
          id: 'cluster.executor-rights',
          status: 'warning',
          says: `Whether the account that makes changes has ${count === 1 ? 'a right' : `${count} rights`} could not be found out: ${reason}.`,
          fix: 'Run it again; every account may ask this about itself (ClusterRole system:basic-user).',
        },
      ];
}

function excessChecks(excess: readonly Right[]): readonly Check[] {
  const all = excess.some(({ verb, resource }) => verb === '*' && resource === '*');
  const words = all ? 'everything' : listWords(excess.map((right) => `\`${rightWords(right)}\``));
  return excess.length === 0
    ? []
    : [
        {
          area: 'cluster',
          id: 'cluster.executor-excess',
          status: 'warning',
          says: `The account that makes changes may do more than Kubewhy needs: ${words}.`,
          fix: 'Use a ServiceAccount with deploy/rbac/executor.yaml alone. `list secrets` is what executor-namespace-content.yaml grants: remove it when no namespace is to be finalized.',
        },
      ];
}

function runbookCheck(runbook: RunbookFact): Check {
  const base = { area: 'cluster', id: 'cluster.runbook' } as const;
  switch (runbook.kind) {
    case 'answered':
      return { ...base, status: 'ok', says: `Ceph answers through ${runbook.place}: ${runbook.status}.` };
    case 'failed':
      return {
        ...base,
        status: 'failure',
        says: `Ceph does not answer through ${runbook.place}: ${runbook.reason}.`,
        fix: 'Correct `remediation.runbooks` in kubewhy.yaml; executor-toolbox.yaml and executor-jobs.yaml in deploy/rbac grant what it needs.',
      };
    case 'not-tried':
      return {
        ...base,
        status: 'skipped',
        says: `Whether Ceph answers through ${runbook.place} was not tried: that would make a Job.`,
      };
    default:
      return runbook satisfies never;
  }
}

function rightList(missing: readonly MissingRight[]): string {
  const words = missing.map(({ needed, namespaces }) => {
    const where = namespaces === undefined ? '' : ` in ${listWords(namespaces, 4)}`;
    return `\`${rightWords(needed.right)}\`${where}`;
  });
  return listWords([...new Set(words)], MOST_NAMES);
}
