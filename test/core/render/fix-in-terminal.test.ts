import { describe, expect, it } from 'vitest';
import type { ActionCode } from '../../../src/core/playbook/vocabulary.ts';
import { renderText } from '../../../src/core/render/render-text.ts';
import { textWidth } from '../../../src/core/render/text-width.ts';
import type { SubjectKind } from '../../../src/core/subject/kinds.ts';
import { diagnosis, finding } from './diagnoses.ts';

/** The lines beside `fix`, without what stands before them. */
function fixOf(action: ActionCode, kind: SubjectKind, advice: readonly string[], name = 'web-0'): readonly string[] {
  const namespace = kind === 'Node' ? '' : 'shop';
  const remediation = { action, subject: { kind, namespace, name, uid: 'u1' }, parameters: {} };
  const text = renderText(diagnosis({ verdict: 'cause', primary: finding({ advice, why: [], remediation }) }));
  expect(text.split('\n').filter((line) => textWidth(line) > 80)).toEqual([]);
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith('  fix '));
  const to = lines.findIndex((line, index) => index > from && !line.startsWith('          '));
  return lines.slice(from, to < 0 ? undefined : to).map((line) => line.slice(10));
}

describe('a repair in the terminal', () => {
  it('that Kubewhy has no action for is the commands of a person', () => {
    expect(fixOf('R-SCALE', 'Deployment', ['scale it down'], 'web')).toEqual([
      'scale it down',
      '$ kubectl -n shop get hpa',
      '$ kubectl -n shop scale deployment/web --replicas=N',
    ]);
  });

  it('that needs no proof is its command, unless the advice has it', () => {
    expect(fixOf('R-POD-DELETE', 'Pod', ['start it anew'])).toEqual([
      'start it anew',
      '$ kubectl -n shop delete pod web-0',
    ]);
    expect(fixOf('R-POD-DELETE', 'Pod', ['start it anew: kubectl delete pod -n shop web-0, then look'])).toEqual([
      'start it anew: kubectl delete pod -n shop web-0, then look',
    ]);
    expect(fixOf('R-POD-DELETE', 'Pod', ['or kubectl -n shop delete pod web-1'])).toHaveLength(2);
    expect(fixOf('R-CORDON', 'Node', [], 'node-1')).toEqual(['$ kubectl cordon node-1']);
  });

  it('that Kubewhy looks at before it does it is left to Slack', () => {
    expect(fixOf('R-POD-FORCE-DELETE', 'Pod', ['look at the node'])).toEqual([
      'look at the node   → R-POD-FORCE-DELETE, can be approved in Slack',
    ]);
    expect(fixOf('R-ROLLBACK', 'Pod', [])).toEqual(['→ R-ROLLBACK, can be approved in Slack']);
  });

  it('repeats no name that a shell would understand', () => {
    expect(fixOf('R-SCALE', 'Deployment', ['scale it'], '$(reboot)')).toEqual(['scale it']);
  });
});
