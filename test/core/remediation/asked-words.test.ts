import { describe, expect, it } from 'vitest';
import type { ActionCode } from '../../../src/core/playbook/vocabulary.ts';
import { askedWords } from '../../../src/core/remediation/asked-words.ts';
import type { SubjectKind } from '../../../src/core/subject/kinds.ts';

function words(action: ActionCode, kind: SubjectKind, parameters: Readonly<Record<string, string>> = {}): string {
  const namespace = kind === 'Node' || kind === 'Namespace' ? '' : 'shop';
  return askedWords({ action, subject: { kind, namespace, name: 'web-0', uid: 'u' }, parameters });
}

describe('what was asked for', () => {
  it.each([
    [words('R-POD-DELETE', 'Pod'), 'delete pod shop/web-0'],
    [words('R-POD-FORCE-DELETE', 'Pod'), 'remove pod shop/web-0 at once'],
    [words('R-EVICT', 'Pod'), 'evict pod shop/web-0'],
    [words('R-ROLLOUT-RESTART', 'StatefulSet'), 'restart the pods of StatefulSet shop/web-0'],
    [words('R-ROLLBACK', 'Pod'), 'roll back the Deployment of pod shop/web-0'],
    [words('R-ROLLBACK', 'Deployment'), 'roll back Deployment shop/web-0'],
    [words('R-CORDON', 'Node'), 'cordon node web-0'],
    [words('R-CORDON', 'Pod'), 'cordon the node of pod shop/web-0'],
    [words('R-UNCORDON', 'Pod', { node: 'n1' }), 'uncordon node n1'],
    [words('R-NS-FINALIZE', 'Namespace'), 'end the deletion of namespace web-0'],
    [words('R-OBJ-FINALIZER-REMOVE', 'Pod', { finalizer: 'a.b/c' }), 'remove the finalizer a.b/c from pod shop/web-0'],
    [
      words('R-OBJ-FINALIZER-REMOVE', 'Namespace', { finalizer: 'a.b/c', name: 'w' }),
      'remove the finalizer a.b/c from w in namespace web-0',
    ],
    [words('R-RBD-LOCK-RM', 'Pod'), 'remove the lock on the volume of pod shop/web-0'],
    [words('R-SCALE', 'Deployment'), 'do R-SCALE for Deployment shop/web-0'],
  ])('%s', (given, expected) => {
    expect(given).toBe(expected);
  });

  it('stays one short line whatever the names are', () => {
    const given = askedWords({
      action: 'R-OBJ-FINALIZER-REMOVE',
      subject: { kind: 'Pod', namespace: 'shop', name: 'web', uid: 'u' },
      parameters: { finalizer: `a\nb\u202e${'x'.repeat(500)}` },
    });

    expect(given.length).toBeLessThanOrEqual(200);
    expect(given).not.toMatch(/[\n\u202e]/);
  });
});
