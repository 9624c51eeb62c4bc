import { describe, expect, it } from 'vitest';
import {
  findResourceType,
  isSubjectKind,
  RESOURCE_TYPES,
  resourceByPlural,
  resourceOf,
  SUBJECT_KINDS,
} from '../../../src/core/subject/kinds.ts';
import { subjectTitle } from '../../../src/core/subject/subject.ts';

describe('a word for a resource', () => {
  it.each([
    ['po', 'Pod'],
    ['pod', 'Pod'],
    ['Pods', 'Pod'],
    ['deploy', 'Deployment'],
    ['deployments', 'Deployment'],
    ['deployments.apps', 'Deployment'],
    ['Deployment.v1.apps', 'Deployment'],
    ['sts', 'StatefulSet'],
    ['ds', 'DaemonSet'],
    ['rs', 'ReplicaSet'],
    ['cj', 'CronJob'],
    ['pvc', 'PersistentVolumeClaim'],
    ['ing', 'Ingress'],
    ['svc', 'Service'],
    ['no', 'Node'],
    ['netpol', 'NetworkPolicy'],
    ['hpa', 'HorizontalPodAutoscaler'],
  ])('%s means %s', (word, kind) => {
    expect(findResourceType(word)?.kind).toBe(kind);
  });

  it.each(['', '.', 'p', 'podd', 'deployment/web', 'constructor'])('"%s" means nothing', (word) => {
    expect(findResourceType(word)).toBeUndefined();
  });

  it('is unique', () => {
    const words = RESOURCE_TYPES.flatMap((type) => [type.resource, type.kind.toLowerCase(), ...type.shortNames]);

    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });
});

describe('a kind', () => {
  it('has its path in the API', () => {
    expect([resourceOf('Pod'), resourceByPlural('cronjobs'), resourceOf('StorageClass')]).toEqual([
      { kind: 'Pod', group: '', version: 'v1', resource: 'pods', namespaced: true, shortNames: ['po'] },
      { kind: 'CronJob', group: 'batch', version: 'v1', resource: 'cronjobs', namespaced: true, shortNames: ['cj'] },
      {
        kind: 'StorageClass',
        group: 'storage.k8s.io',
        version: 'v1',
        resource: 'storageclasses',
        namespaced: false,
        shortNames: ['sc'],
      },
    ]);
  });

  it('that is a subject is in the table', () => {
    expect(SUBJECT_KINDS.map((kind) => resourceOf(kind).kind)).toEqual([...SUBJECT_KINDS]);
    expect([isSubjectKind('Pod'), isSubjectKind('Event'), isSubjectKind('pod')]).toEqual([true, false, false]);
  });

  it('that is not in the table is a defect', () => {
    expect(() => resourceOf('Foo')).toThrow(TypeError);
    expect(() => resourceByPlural('foos')).toThrow(TypeError);
  });

  it('stands in the title of what is not a pod', () => {
    expect([
      subjectTitle({ kind: 'Pod', namespace: 'shop', name: 'web-0' }),
      subjectTitle({ kind: 'Deployment', namespace: 'shop', name: 'web' }),
    ]).toEqual(['shop/web-0', 'Deployment shop/web']);
  });
});
