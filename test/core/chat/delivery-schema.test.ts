import { describe, expect, test } from 'vitest';
import type { Content, DigestCard, IncidentCard, RemediationRow } from '../../../src/core/chat/content.ts';
import type { Delivery } from '../../../src/core/chat/delivery.ts';
import { deliverySchema } from '../../../src/core/chat/delivery-schema.ts';
import type { RemediationRecord } from '../../../src/core/remediation/remediation.ts';
import { sampleSigned, sampleVote } from '../../fakes/remediation-samples.ts';
import { sampleOutcome, sampleQuestion } from '../../fakes/samples.ts';
import { sampleIncident } from '../triage/incident-samples.ts';

const question = sampleQuestion('q-1');
const at = '2026-01-31T12:00:00Z';
const help = {
  command: '/k8s',
  botName: 'kubewhy',
  version: '1.2.3',
  clusters: ['prod'],
  defaultCluster: 'prod',
  defaultNamespace: 'shop',
  namespaces: ['shop'],
  problem: { message: 'unknown', suggestions: [{ id: 's-1', label: 'why web-0' }] },
};
const place = { channel: 'C1', ts: '1.1' };
const incident: IncidentCard = {
  incident: sampleIncident({ mergedInto: 'i-2', resolvedBy: 'merged', digest: 'd-1' }),
  people: { acknowledged: { user: 'U1', at }, silences: [] },
  mergedThread: place,
  canSilence: true,
  at,
};
const counts = { objects: 3, looked: 1, firing: 2, total: 5 };
const digest: DigestCard = {
  ...counts,
  id: 'd-1',
  cluster: 'prod',
  state: 'storm',
  startedAt: at,
  rows: [
    { ...counts, headline: 'h', state: 'open' },
    { ...counts, headline: 'KubePodNotReady', state: 'resolved', unknown: true, thread: place },
  ],
  beyond: 2,
  at,
};
const bareRecord: RemediationRecord = {
  signed: sampleSigned('m-1'),
  state: 'proposed',
  revision: 1,
  votes: [],
  history: [{ state: 'proposed', at }],
  fence: 0,
  steps: [],
};
const record: RemediationRecord = {
  ...bareRecord,
  state: 'succeeded',
  votes: [{ ...sampleVote('U3', { owner: true }), at }],
  actBefore: at,
  intent: 'i',
  steps: [{ what: 'dry run', ok: true, output: 'HTTP 200', at, tookMs: 12 }],
  ending: { reason: 'web-0 is Ready again', by: 'U3' },
  message: place,
};
const change: RemediationRow = {
  id: 'm-1',
  title: 'delete pod shop/web-0',
  cluster: 'prod',
  state: 'awaiting_approval',
  since: at,
  votes: 0,
  required: 1,
  requester: 'U1',
  yours: true,
};
const contents: readonly Content[] = [
  { kind: 'answer', question, run: 1, outcome: sampleOutcome(), at },
  { kind: 'answer', question, run: 2, outcome: { kind: 'expired' }, at },
  {
    kind: 'answer',
    question,
    run: 1,
    outcome: { kind: 'failed', code: 'SUBJECT_NOT_FOUND', message: 'm', hint: 'h', candidates: ['web-1'] },
    at,
  },
  { kind: 'waiting', question, run: 1, why: 'no-diagnoser', lastSeen: at, before: sampleOutcome() },
  { kind: 'evidence', question, run: 1, text: 'long' },
  { kind: 'notice', text: 'hello', code: ['kubectl get pods'] },
  { kind: 'notice', text: 'asked to delete pod shop/web-0.', by: 'U2' },
  { kind: 'incident', incident },
  { kind: 'incident-details', incident },
  { kind: 'incident-event', text: 'two more', mentions: ['U1'] },
  { kind: 'digest', digest },
  {
    kind: 'answer',
    question: { ...question, incident: { id: 'i-1', alerts: ['A'] } },
    run: 1,
    outcome: { kind: 'expired' },
    at,
  },
  {
    kind: 'home',
    home: {
      help,
      clusters: [{ cluster: 'prod', state: 'silent', lastSeen: at, detail: 'v1.35.0' }],
      at,
    },
  },
  { kind: 'answer', question, run: 1, outcome: sampleOutcome(), at, fix: 'offered', approvals: 2 },
  { kind: 'remediation', card: { record, approvers: ['S1'], at } },
  { kind: 'remediation', card: { record: bareRecord, approvers: [], at } },
  {
    kind: 'home',
    home: {
      help: { ...help, changes: true },
      clusters: [],
      remediations: {
        waiting: [{ ...change, expiresAt: at, thread: place }],
        recent: [{ ...change, state: 'succeeded' }],
        permissions: ['T1 in shop (prod)'],
        stopped: ['*'],
      },
      at,
    },
  },
];
const [, , , , , notice] = contents;

function delivery(content: Content): Delivery {
  return { kind: 'card', key: 'k', team: 'T1', priority: 'answer', version: 1, content, channel: 'C1', thread: '1.1' };
}

describe('a stored delivery', () => {
  test.each(contents.map((content) => [content.kind, content] as const))('with %s comes back whole', (_, content) => {
    const stored: unknown = JSON.parse(JSON.stringify(delivery(content)));

    expect(deliverySchema.parse(stored)).toEqual(delivery(content));
  });

  test.each([
    { kind: 'ephemeral', channel: 'C1', user: 'U1', thread: '1.1' },
    { kind: 'response', url: 'https://hooks.slack.com/x' },
    { kind: 'file', channel: 'C1', thread: '1.1' },
    { kind: 'home', user: 'U1' },
  ])('of kind $kind comes back whole', (way) => {
    const stored = { ...way, key: 'k', team: 'T1', priority: 'news', version: 0, content: notice };

    expect(deliverySchema.parse(JSON.parse(JSON.stringify(stored)))).toEqual(stored);
  });

  test.each([
    ['of no known kind', { kind: 'pigeon' }],
    ['without a channel', { channel: undefined }],
    ['with another priority', { priority: 'whenever' }],
    ['with a version that is no number', { version: '2' }],
    ['with content of no known kind', { content: { kind: 'hologram' } }],
    ['with an error of no known code', { content: { ...contents[2], outcome: { kind: 'failed', code: 'toString' } } }],
    ['with a cause that is no finding', { content: { ...contents[0], outcome: { kind: 'answered', diagnosis: {} } } }],
  ])('%s is refused', (_, changes) => {
    const stored = notice === undefined ? {} : { ...delivery(notice), ...changes };

    expect(deliverySchema.safeParse(stored).success).toBe(false);
  });

  test('with a fallback comes back whole', () => {
    const stored = { ...delivery({ kind: 'digest', digest }), fallback: 'C2', broadcast: true };

    expect(deliverySchema.parse(JSON.parse(JSON.stringify(stored)))).toEqual(stored);
  });

  test('fields of a newer version are dropped', () => {
    const stored = notice === undefined ? {} : { ...delivery(notice), mood: 'curious' };

    expect(deliverySchema.parse(stored)).not.toHaveProperty('mood');
  });
});
