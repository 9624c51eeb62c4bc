import { describe, expect, it } from 'vitest';
import { DELIVERY_SCOPES, SLACK_METHODS } from '../../../src/adapters/slack/slack-methods.ts';
import { SLACK_SCOPES } from '../../../src/core/chat/slack-scopes.ts';

describe('SLACK_SCOPES', () => {
  it('are those that the methods and deliveries need', () => {
    const needed = new Set<string>([...Object.values(SLACK_METHODS).flat(), ...DELIVERY_SCOPES]);

    expect(SLACK_SCOPES.map(({ scope }) => scope).toSorted()).toEqual([...needed].toSorted());
  });
});
