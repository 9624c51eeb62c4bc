import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type SignedRequest, signatureProblem } from '../../../../src/adapters/slack/receivers/signature.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const SECRET = 'a-signing-secret';
const BODY = 'command=%2Fk8s&text=why+web-0&trigger_id=1.2.3&team_id=T0ACME001';

describe('signatureProblem', () => {
  it('believes what is signed', () => {
    expect(signatureProblem(signed(), [SECRET], NOW)).toBeUndefined();
  });

  it('believes what either of two secrets signed', () => {
    expect(signatureProblem(signed(), ['another', SECRET], NOW)).toBeUndefined();
    expect(signatureProblem(signed(), [SECRET, 'another'], NOW)).toBeUndefined();
  });

  it.each([
    [-301, 'stale'],
    [-300, undefined],
    [300, undefined],
    [301, 'future'],
    [86_400, 'future'],
  ])('judges a stamp %d seconds away as %s', (seconds, problem) => {
    expect(signatureProblem(signed(seconds), [SECRET], NOW)).toBe(problem);
  });

  it.each([
    ['no stamp', { timestamp: undefined }],
    ['no signature', { signature: undefined }],
    ['a stamp that is no number', { timestamp: '1e9' }],
    ['a stamp with a sign', { timestamp: `+${NOW / 1000}` }],
    ['a stamp with spaces', { timestamp: ` ${NOW / 1000}` }],
    ['an empty stamp', { timestamp: '' }],
    ['another version', { signature: signed().signature?.replace('v0', 'v1') }],
    ['a longer signature', { signature: `${signed().signature}00` }],
    ['a shorter signature', { signature: signed().signature?.slice(0, -2) }],
    ['a signature in capitals', { signature: signed().signature?.toUpperCase() }],
    ['an empty signature', { signature: '' }],
  ])('takes %s for unsigned', (_name, change) => {
    expect(signatureProblem({ ...signed(), ...change }, [SECRET], NOW)).toBe('unsigned');
  });

  it('believes nothing without a secret', () => {
    expect(signatureProblem(signed(), [], NOW)).toBe('forged');
  });

  it('signs the bytes, not what they decode to', () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const request = signed(0, body);

    expect(signatureProblem(request, [SECRET], NOW)).toBeUndefined();
    expect(signatureProblem({ ...request, body: Buffer.from(body.toString()) }, [SECRET], NOW)).toBe('forged');
  });

  it('believes none of 10,000 changed requests', () => {
    const request = signed();

    const believed = Array.from({ length: 10_000 }, (_, number) => mutated(request, number)).filter(
      (changed) => signatureProblem(changed, [SECRET, 'another'], NOW) === undefined,
    );

    expect(believed).toEqual([]);
  });
});

function signed(seconds = 0, body = Buffer.from(BODY)): SignedRequest {
  const timestamp = String(NOW / 1000 + seconds);
  const digest = createHmac('sha256', SECRET).update(`v0:${timestamp}:`).update(body).digest('hex');
  return { timestamp, signature: `v0=${digest}`, body };
}

/** A request that differs in one place, another one for each number. */
function mutated(request: SignedRequest, number: number): SignedRequest {
  const { body, timestamp = '', signature = '' } = request;
  const step = Math.floor(number / 5);
  switch (number % 5) {
    case 0: {
      const changed = Buffer.from(body);
      const at = step % changed.length;
      changed[at] = (changed[at] ?? 0) ^ (1 + (step % 255));
      return { ...request, body: changed };
    }
    case 1:
      return { ...request, body: Buffer.concat([body, Buffer.from(`&n=${step}`)]) };
    case 2:
      return { ...request, body: body.subarray(step % body.length, body.length - (step % body.length === 0 ? 1 : 0)) };
    case 3: {
      const at = 3 + (step % 64);
      const digit = '0123456789abcdef'[(Number.parseInt(signature[at] ?? '0', 16) + 1 + (step % 15)) % 16];
      return { ...request, signature: `${signature.slice(0, at)}${digit}${signature.slice(at + 1)}` };
    }
    default: {
      const away = 1 + (step % 299);
      return { ...request, timestamp: String(Number(timestamp) + (step % 2 === 0 ? away : -away)) };
    }
  }
}
