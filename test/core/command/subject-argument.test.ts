import { describe, expect, it } from 'vitest';
import { parseSubject } from '../../../src/core/command/subject-argument.ts';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';

const LONGEST = ['a'.repeat(63), 'b'.repeat(63), 'c'.repeat(63), 'd'.repeat(61)].join('.');

describe('a subject', () => {
  it.each([
    [['web-0'], { name: 'web-0' }],
    [['pod/web-0'], { kind: 'Pod', name: 'web-0' }],
    [['po/web-0'], { kind: 'Pod', name: 'web-0' }],
    [['deploy/web'], { kind: 'Deployment', name: 'web' }],
    [['deploy', 'web'], { kind: 'Deployment', name: 'web' }],
    [['Deployments', 'web'], { kind: 'Deployment', name: 'web' }],
    [['deployment.apps/web'], { kind: 'Deployment', name: 'web' }],
    [['deployments.v1.apps/web'], { kind: 'Deployment', name: 'web' }],
    [['sts/db'], { kind: 'StatefulSet', name: 'db' }],
    [['cj/backup'], { kind: 'CronJob', name: 'backup' }],
    [['pvc/data-db-0'], { kind: 'PersistentVolumeClaim', name: 'data-db-0' }],
    [['ing/web'], { kind: 'Ingress', name: 'web' }],
    [['Deployment', 'shop/web'], { kind: 'Deployment', name: 'web', namespace: 'shop' }],
    [['node/worker-1'], { kind: 'Node', name: 'worker-1', namespace: '' }],
    [['ns/shop'], { kind: 'Namespace', name: 'shop', namespace: '' }],
    [['namespace', 'shop'], { kind: 'Namespace', name: 'shop', namespace: '' }],
    [['no', 'worker-1.example.com'], { kind: 'Node', name: 'worker-1.example.com', namespace: '' }],
    [[LONGEST], { name: LONGEST }],
    [[], undefined],
  ])('%j', (words, expected) => {
    expect(parseSubject(words, undefined)).toEqual(expected);
  });

  it('is in no namespace when its kind is not, whatever the option says', () => {
    expect(parseSubject(['node/worker-1'], 'shop')).toEqual({ kind: 'Node', name: 'worker-1', namespace: '' });
  });

  it('takes the namespace of the option', () => {
    expect(parseSubject(['pod/web-0'], 'shop')).toEqual({ kind: 'Pod', name: 'web-0', namespace: 'shop' });
  });
});

describe('what cannot be asked about', () => {
  it.each([
    [
      ['cm/shop'],
      'Kubewhy cannot be asked about a ConfigMap. It can be: pod, deploy, sts, ds, rs, job, cj, pvc, ing, no, ns.',
    ],
    [['svc/web'], 'Kubewhy cannot be asked about a Service.'],
    [['deplyo/web'], 'Did you mean `deploy`?'],
    [['deployment.example.com/web'], 'There is no kind "deployment.example.com" that Kubewhy knows.'],
    [['ns/shop.example'], '"shop.example" is not a name that a namespace can have.'],
    [['ns', 'other/shop'], 'A Namespace is in no namespace; name it alone: ns/shop.'],
    [['shop/web-0'], 'There is no kind "shop" that Kubewhy knows.'],
    [['Web-0'], 'Did you mean `web-0`?'],
    [['web_0'], '"web_0" is not a name that Kubernetes allows.'],
    [['pod/'], 'The name of the subject is missing.'],
    [['/web'], 'There is no kind "" that Kubewhy knows.'],
    [['pod/a/b'], '"a/b" is not a name that Kubernetes allows.'],
    [['Node', 'shop/worker-1'], 'A Node is in no namespace; name it alone: no/worker-1.'],
    [['a', 'b', 'c'], 'One subject can be asked about at a time'],
    [['pod/a', 'pod/b'], 'One subject can be asked about at a time'],
    [['-'], '"-" is not a name'],
    [[''], 'The name of the subject is missing.'],
    [[`${LONGEST}x`], 'is not a name that Kubernetes allows.'],
    [['\u001b[31mweb\u0007'], '"web\\u{7}" is not a name'],
    [['../../etc/passwd'], 'There is no kind ".." that Kubewhy knows.'],
    [['web\n'], 'is not a name'],
  ])('%j', (words, message) => {
    const attempt = (): unknown => parseSubject(words, undefined);

    expect(attempt).toThrow(KubewhyError);
    expect(attempt).toThrow(message);
  });

  it.each(['Shop', 'a.b', 'a'.repeat(64), '-a', 'a\u0000', '../x'])('namespace %j', (namespace) => {
    expect(() => parseSubject(['web-0'], namespace)).toThrow('is not a name that a namespace can have.');
  });

  it('two namespaces', () => {
    expect(() => parseSubject(['deploy', 'shop/web'], 'other')).toThrow(
      'The subject says namespace shop and -n says other.',
    );
  });

  it('with a hint for a namespace in front of the name', () => {
    const attempt = (): unknown => parseSubject(['shop/web-0'], undefined);

    expect(attempt).toThrow(expect.objectContaining({ hint: expect.stringContaining('`kubewhy why -n shop web-0`') }));
  });
});
