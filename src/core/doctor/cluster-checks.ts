import { listWords } from '../facts/text.ts';
import type { Check } from './check.ts';
import { clockCheck } from './clock-check.ts';
import type { ClusterFacts, MissingRight } from './cluster-facts.ts';
import { opensSecrets } from './needed-rights.ts';
import { clusterRoleYaml } from './rbac-yaml.ts';
import { rightWords } from './right.ts';
import { watchChecks } from './watch-rights.ts';

type Answered = Extract<ClusterFacts, { kind: 'answered' }>;

/** The role that the cure is written as; it adds to `deploy/rbac/reader.yaml`. */
const ROLE_NAME = 'kubewhy-reader-more';
const SECRETS_ROLE_NAME = 'kubewhy-secret-names';
const MOST_NAMES = 12;

/** Judges what was found out about one cluster. */
export function clusterChecks(facts: ClusterFacts): readonly Check[] {
  const of = facts.cluster;
  const base = { area: 'cluster', of, id: 'cluster.connection' } as const;
  if (facts.kind === 'failed') {
    return [{ ...base, status: 'failure', says: facts.message, fix: facts.hint }];
  }
  const { address, version, user, clockSkewMs } = facts;
  const who = user === undefined ? '' : `, to ${user}`;
  return [
    { ...base, status: 'ok', says: `The API server at ${address} answers (${version})${who}.` },
    ...(clockSkewMs === undefined ? [] : [{ ...clockCheck('cluster', 'the API server', clockSkewMs), of }]),
    ...rightChecks(facts).map((check) => ({ ...check, of })),
  ];
}

function rightChecks(facts: Answered): readonly Check[] {
  const read = facts.missing.filter(({ needed }) => needed.purpose !== 'watch');
  const secrets = read.filter(({ needed }) => opensSecrets(needed.right));
  const others = read.filter(({ needed }) => !opensSecrets(needed.right));
  const basic = others.filter(({ needed }) => needed.playbooks.length === 0 && needed.purpose === undefined);
  return [
    ...(others.length > 0 ? [missingCheck(others, basic, facts.user)] : []),
    ...(others.length === 0 && facts.unknown.length === 0 ? [ALL_RIGHTS] : []),
    ...(secrets.length > 0 ? [secretsCheck(secrets, facts.user)] : []),
    ...watchChecks(facts.missing, facts.user),
    ...unknownChecks(facts),
  ];
}

const ALL_RIGHTS: Check = {
  area: 'cluster',
  id: 'cluster.rights',
  status: 'ok',
  says: 'Everything that the playbooks read may be read.',
};

/** Without what every question reads there are no answers; without the rest, playbooks are blind. */
function missingCheck(
  missing: readonly MissingRight[],
  basic: readonly MissingRight[],
  user: string | undefined,
): Check {
  const blind = blindPlaybooks(missing);
  const questions = basic.length === 0 ? [] : [`Questions cannot be answered fully without ${rightList(basic)}.`];
  const further = missing.filter(({ needed }) => needed.purpose === 'changes');
  const changes =
    further.length === 0 ? [] : [`What changed before an incident cannot be told fully without ${rightList(further)}.`];
  const playbooks =
    blind.length === 0
      ? []
      : [
          `${blind.length === 1 ? 'One playbook' : `${blind.length} playbooks`} would be blind: ${listWords(blind, MOST_NAMES)}; missing: ${rightList(missing.filter(({ needed }) => needed.playbooks.length > 0))}.`,
        ];
  return {
    area: 'cluster',
    id: 'cluster.rights',
    status: basic.length > 0 ? 'failure' : 'warning',
    says: [...questions, ...playbooks, ...changes].join(' '),
    fix: 'Apply deploy/rbac/reader.yaml, or let a cluster administrator apply what is missing:',
    lines: clusterRoleYaml(
      ROLE_NAME,
      missing.map(({ needed }) => needed.right),
      user,
    ),
  };
}

/** Not granted by `deploy/rbac/reader.yaml` on purpose. */
function secretsCheck(missing: readonly MissingRight[], user: string | undefined): Check {
  return {
    area: 'cluster',
    id: 'cluster.secrets',
    status: 'note',
    says: `Secrets may not be read, so whether one exists cannot be told; this concerns ${listWords(blindPlaybooks(missing), MOST_NAMES)}.`,
    fix: 'Kubewhy asks for their metadata only, but Kubernetes grants names and values together. If that is acceptable, apply:',
    lines: clusterRoleYaml(
      SECRETS_ROLE_NAME,
      missing.map(({ needed }) => needed.right),
      user,
    ),
  };
}

function unknownChecks({ unknown }: Answered): readonly Check[] {
  const [first] = unknown;
  return first === undefined
    ? []
    : [
        {
          area: 'cluster',
          id: 'cluster.rights',
          status: 'warning',
          says: `Whether ${unknown.length === 1 ? 'a right is' : `${unknown.length} rights are`} granted could not be found out: ${first.reason}.`,
          fix: 'Run it again; every account may ask this about itself (ClusterRole system:basic-user).',
        },
      ];
}

function blindPlaybooks(missing: readonly MissingRight[]): readonly string[] {
  return [...new Set(missing.flatMap(({ needed }) => needed.playbooks))].toSorted();
}

function rightList(missing: readonly MissingRight[]): string {
  const words = missing.map(({ needed, namespaces }) => {
    const where = namespaces === undefined ? '' : ` in ${listWords(namespaces, 4)}`;
    return `\`${rightWords(needed.right)}\`${where}`;
  });
  return listWords([...new Set(words)], MOST_NAMES);
}
