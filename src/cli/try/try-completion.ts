import { resourceOf } from '../../core/subject/kinds.ts';
import { namespacesOf, type TryCluster } from './try-cluster.ts';

const VERBS = ['/k8s why ', '/k8s help'] as const;
const MOST = 8;
/** Kinds whose names are offered, as people write them. */
const KINDS = [
  { word: 'deploy', kind: 'Deployment' },
  { word: 'sts', kind: 'StatefulSet' },
  { word: 'ds', kind: 'DaemonSet' },
  { word: 'job', kind: 'Job' },
  { word: 'cronjob', kind: 'CronJob' },
  { word: 'pvc', kind: 'PersistentVolumeClaim' },
] as const;

/** Completes lines of the composer: the verb, then names of the cluster, then namespaces after `-n`. */
export function tryCompletion(cluster: TryCluster): (text: string) => Promise<readonly string[]> {
  return async (text) => {
    const question = /^\/k8s\s+why\s+(.*)$/s.exec(text);
    if (question === null) {
      return VERBS.filter((verb) => verb.startsWith(text));
    }
    const lines = await completeQuestion(question[1] ?? '', cluster);
    return lines.map((line) => `/k8s why ${line}`).slice(0, MOST);
  };
}

async function completeQuestion(typed: string, cluster: TryCluster): Promise<readonly string[]> {
  const option = /^(.*\s(?:-n|--namespace)\s+)(\S*)$/s.exec(typed);
  if (option !== null) {
    const [, before = '', begin = ''] = option;
    const names = await namespacesOf(cluster);
    return names.filter((name) => name.startsWith(begin)).map((name) => `${before}${name}`);
  }
  if (/\s/.test(typed)) {
    return [];
  }
  const subjects = await subjectsLike(typed, cluster);
  return [...new Set([...suggested(typed, cluster), ...subjects.map((name) => `${name} -n ${cluster.namespace}`)])];
}

function suggested(typed: string, { suggestions }: TryCluster): readonly string[] {
  return suggestions
    .map((command) => command.replace(/^\/k8s why /, ''))
    .filter((line) => line.startsWith(typed) && !line.startsWith('/'));
}

async function subjectsLike(typed: string, { names: namesOf, namespace }: TryCluster): Promise<readonly string[]> {
  const kind = KINDS.find(({ word }) => typed.startsWith(`${word}/`));
  if (kind !== undefined) {
    const names = await namesOf(resourceOf(kind.kind), namespace);
    return names.map((name) => `${kind.word}/${name}`).filter((name) => name.startsWith(typed));
  }
  const pods = await namesOf(resourceOf('Pod'), namespace);
  const kinds = typed === '' ? [] : KINDS.map(({ word }) => `${word}/`).filter((word) => word.startsWith(typed));
  const names = pods.filter((name) => name.startsWith(typed));
  return kinds.length === 0 || names.length > 0 ? names : [];
}
