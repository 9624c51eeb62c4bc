import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { findCases, openCase } from '../../src/app/playbook-cases.ts';
import { loadAllPlaybooks } from '../../src/app/playbooks.ts';
import { parseRecordedSubject } from '../../src/cli/recorded-subject.ts';
import { neededRights, opensSecrets } from '../../src/core/doctor/needed-rights.ts';
import { type RbacRule, rbacRules } from '../../src/core/doctor/rbac-yaml.ts';
import { type Right, rightTo, rightWords } from '../../src/core/doctor/right.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { isTabledResource } from '../../src/core/subject/any-resource.ts';
import { SUBJECT_KINDS } from '../../src/core/subject/kinds.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { findChanges } from '../../src/usecases/triage/find-changes.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const ROOT = join(import.meta.dirname, '../..');
const playbooks = await loadAllPlaybooks([]);
const needed = neededRights(playbooks).map(({ right }) => right);

function rulesOf(file: string): readonly RbacRule[] {
  const documents = parseAllDocuments(readFileSync(join(ROOT, 'deploy/rbac', file), 'utf8')).map((one) => one.toJS());
  return documents.find(({ kind }) => kind === 'ClusterRole').rules;
}

describe('deploy/rbac/reader.yaml', () => {
  it('grants exactly what questions and playbooks read, without Secrets (node scripts/write-rbac.ts)', () => {
    expect(rulesOf('reader.yaml')).toEqual(rbacRules(needed.filter((right) => !opensSecrets(right))));
  });

  it('grants reading only, and nothing wholesale', () => {
    const words = rulesOf('reader.yaml').flatMap(({ apiGroups, resources, verbs }) => [
      ...verbs,
      ...resources,
      ...apiGroups,
    ]);
    const verbs = new Set(rulesOf('reader.yaml').flatMap((rule) => rule.verbs));

    expect([...verbs].toSorted()).toEqual(['get', 'list']);
    expect(words.filter((word) => word.includes('*') || word === 'secrets')).toEqual([]);
  });
});

describe('deploy/rbac/secret-names.yaml', () => {
  it('grants the rest', () => {
    expect(rulesOf('secret-names.yaml')).toEqual(rbacRules(needed.filter(opensSecrets)));
  });
});

describe('deploy/rbac/watcher.yaml', () => {
  it('grants what the watch of pods needs, and nothing else', () => {
    expect(rulesOf('watcher.yaml')).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }]);
  });
});

describe('neededRights', () => {
  it('is all that the recorded cases and questions about missing objects read, and no base right too much', async () => {
    const seen = new Set<string>();
    for (const folder of await findCases(join(ROOT, 'test/playbooks'))) {
      const { recording, expected } = await openCase(folder);
      const subject = parseRecordedSubject(expected.subject ?? recording.subject);
      const query = { ...subject, namespace: subject.namespace ?? recording.namespace };
      const cluster = noting(recording.cluster, seen);
      await diagnose(query, { cluster, clock: recording.clock, playbooks }).catch(() => undefined);
    }
    for (const kind of [undefined, ...SUBJECT_KINDS]) {
      for (const namespace of ['shop', 'none']) {
        const cluster = noting(new FakeCluster({ namespace: 'shop', objects: [] }), seen);
        const query = { namespace, name: 'x', ...(kind === undefined ? {} : { kind }) };
        const clock = { now: () => new Date(0) };
        await diagnose(query, { cluster, clock, playbooks }).catch(() => undefined);
      }
    }

    const workloads = new FakeCluster({
      namespace: 'shop',
      objects: [workload('Deployment'), workload('StatefulSet')],
    });
    const changed = (['Deployment', 'StatefulSet'] as const).map((kind) => ({ kind, namespace: 'shop', name: 'web' }));
    await findChanges(changed, '2026-01-31T12:00:00Z', noting(workloads, seen));

    const granted = new Set(needed.map(rightWords));
    const base = neededRights([]).map(({ right }) => rightWords(right));
    expect([...seen].filter((words) => !granted.has(words))).toEqual([]);
    expect(base.filter((words) => !seen.has(words))).toEqual([]);
  }, 60_000);
});

/** A workload about which everything is asked that may tell changes. */
function workload(kind: string): JsonObject {
  const container = { name: 'web', envFrom: ['one', 'two'].map((name) => ({ configMapRef: { name } })) };
  const spec = { selector: { matchLabels: { app: 'web' } }, template: { spec: { containers: [container] } } };
  return { kind, metadata: { name: 'web' }, spec };
}

/** A reader that notes the rights that its reads need. */
function noting(reader: ClusterReader, seen: Set<string>): ClusterReader {
  const note = (right: Right): void => void seen.add(rightWords(right));
  return {
    get: (query) => {
      note(rightTo('get', query.resource));
      return reader.get(query);
    },
    list: (query) => {
      // For what only the facts name nobody can ask beforehand.
      if (isTabledResource(query.resource)) {
        note(rightTo('list', query.resource));
      }
      return reader.list(query);
    },
    logs: (query) => {
      note({ verb: 'get', group: '', resource: 'pods/log' });
      return reader.logs(query);
    },
    serverTime: () => reader.serverTime(),
    requestCount: () => reader.requestCount(),
  };
}
