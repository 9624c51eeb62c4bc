import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { compileFieldSelector } from '../../../src/core/recording/field-selector.ts';

const POD: JsonObject = {
  metadata: { name: 'web', namespace: 'shop' },
  spec: { nodeName: 'node-1', schedulerName: 'default-scheduler' },
  status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
};
const EVENT: JsonObject = { metadata: { name: 'e' }, involvedObject: { name: 'web' }, reportingComponent: 'kubelet' };
const OLD_EVENT: JsonObject = { ...EVENT, source: { component: 'scheduler' }, reportingComponent: '' };

function fits(kind: string, object: JsonObject, selector: string): boolean | string {
  const compiled = compileFieldSelector(selector, kind);
  return compiled.ok ? compiled.matches(object) : compiled.message;
}

describe('compileFieldSelector', () => {
  test.each([
    ['Pod', POD, '', true],
    ['Pod', POD, '=', true],
    ['Pod', POD, 'metadata.name=web,metadata.namespace==shop,', true],
    ['Pod', POD, 'metadata.name!=web', false],
    ['Pod', POD, 'spec.nodeName=node-1', true],
    ['Pod', POD, 'spec.host=node-1', true],
    ['Pod', POD, 'spec.hostNetwork=false', true],
    ['Pod', POD, 'spec.hostNetwork=', false],
    ['Pod', POD, 'status.podIP=10.0.0.1', true],
    ['Pod', POD, 'status.podIPs=', true],
    ['Pod', POD, 'status.podIPs=10.0.0.1', false],
    ['Pod', POD, 'status.nominatedNodeName=', true],
    ['Pod', POD, 'metadata.name=a\\,b', false],
    ['Pod', POD, 'metadata.name= web', false],
    ['Node', { metadata: { name: 'n' } }, 'spec.unschedulable=false', true],
    ['Job', { status: { succeeded: 2 } }, 'status.successful=2', true],
    ['Job', {}, 'status.successful=0', true],
    ['Event', EVENT, 'source=kubelet,reportingComponent=kubelet', true],
    ['Event', OLD_EVENT, 'source=scheduler,reportingComponent=', true],
    ['PersistentVolume', { metadata: { name: 'pv' } }, 'metadata.namespace=', true],
  ])('chooses among %s: %o by %j is %s', (kind, object, selector, expected) => {
    expect(fits(kind, object, selector)).toBe(expected);
  });

  test.each([
    ['Pod', 'spec.containers=x', 'field label not supported: spec.containers'],
    ['Node', 'metadata.namespace=x', 'field label not supported: metadata.namespace'],
    ['Namespace', 'metadata.namespace=', 'field label not supported: metadata.namespace'],
    ['Job', 'status.succeeded=1', 'field label "status.succeeded" not supported for Job'],
    [
      'ReplicaSet',
      'status.replicas=1',
      '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['Unknown', 'x=', '"x" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['Pod', 'spec.bogus=x,nothing', "invalid selector: 'spec.bogus=x,nothing'; can't understand 'nothing'"],
    ['Pod', 'metadata.name=a=\\x', 'invalid field selector: unescaped character in value: 61'],
    ['Pod', 'metadata.name=\\x=', 'invalid field selector: invalid escape sequence: \\x'],
    ['Pod', 'metadata.name=a\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('refuses for %s: %s', (kind, selector, message) => {
    expect(compileFieldSelector(selector, kind)).toEqual({ ok: false, message });
  });
});
