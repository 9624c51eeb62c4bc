import { expect, it } from 'vitest';
import type { CallResult, SlackClient } from '../../../src/adapters/slack/slack-client.ts';
import { createSlackPeople } from '../../../src/adapters/slack/slack-people.ts';

/** A client that answers every call in turn, the last answer for ever; keeps what it was asked. */
function clientOf(...answers: readonly CallResult[]): { readonly client: SlackClient; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const call: SlackClient['call'] = async (method, parameters) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push([method, parameters]);
    return answer ?? { kind: 'ok', body: {} };
  };
  return { client: { call }, asked };
}

const ok = (body: object): CallResult => ({ kind: 'ok', body });

it('asks for the members of a group anew every time', async () => {
  const { client, asked } = clientOf(ok({ users: ['U1', 7, 'U2'] }), ok({ users: ['U2'] }));
  const people = createSlackPeople({ client, team: 'T1' });

  const members = [await people.groupMembers('S1'), await people.groupMembers('S1')];

  expect(members).toEqual([['U1', 'U2'], ['U2']]);
  expect(asked).toEqual([
    ['usergroups.users.list', { usergroup: 'S1' }],
    ['usergroups.users.list', { usergroup: 'S1' }],
  ]);
});

it('does not take a failure for an empty group', async () => {
  const failure = { code: 'missing_scope', class: 'config' } as const;
  const { client } = clientOf({ kind: 'failed', failure: failure });
  const people = createSlackPeople({ client, team: 'T1' });

  await expect(people.groupMembers('S1')).rejects.toMatchObject({
    code: 'CHAT_UNAVAILABLE',
    context: { code: 'missing_scope' },
  });
});

it('says when Slack answers again that was asked too often', async () => {
  const failure = { code: 'ratelimited', class: 'rate-limited', retryAfterMs: 12_000 } as const;
  const people = createSlackPeople({ client: clientOf({ kind: 'failed', failure }).client, team: 'T1' });
  const refused = { code: 'CHAT_UNAVAILABLE', context: { code: 'ratelimited', retryAfterMs: 12_000 } };

  await expect(people.groupMembers('S1')).rejects.toMatchObject(refused);
  await expect(people.personNow('U1')).rejects.toMatchObject(refused);
});

it.each([
  [{ profile: { display_name: 'alice' }, real_name: 'Alice Archer', name: 'aa' }, 'alice'],
  [{ profile: { display_name: ' ' }, real_name: 'Alice Archer', name: 'aa' }, 'Alice Archer'],
  [{ name: 'aa' }, 'aa'],
  [{}, undefined],
])('calls a person with %j %s', async (user, name) => {
  const { client } = clientOf(ok({ user: { ...user, team_id: 'T1' } }));

  const person = await createSlackPeople({ client, team: 'T1' }).person('U1');

  expect(person).toEqual({
    user: 'U1',
    team: 'T1',
    deactivated: false,
    guest: false,
    bot: false,
    foreign: false,
    ...(name === undefined ? {} : { name }),
  });
});

it('asks who a person and what a channel is anew every time for a decision', async () => {
  const { client, asked } = clientOf(
    ok({ user: { team_id: 'T1' } }),
    ok({ user: { team_id: 'T1', deleted: true } }),
    ok({ channel: { is_member: true } }),
    ok({ channel: { is_member: true, is_ext_shared: true } }),
  );
  const people = createSlackPeople({ client, team: 'T1' });

  const persons = [await people.person('U1'), await people.personNow('U1')];
  const places = [await people.place('C1'), await people.placeNow('C1')];

  expect(persons.map(({ deactivated }) => deactivated)).toEqual([false, true]);
  expect(places.map(({ shared }) => shared)).toEqual([false, true]);
  expect(asked).toHaveLength(4);
});

it('does not keep what was asked for a decision', async () => {
  const { client, asked } = clientOf(ok({ user: { team_id: 'T1' } }));
  const people = createSlackPeople({ client, team: 'T1' });

  await Promise.all([people.personNow('U1'), people.personNow('U1')]);
  await people.person('U1');

  expect(asked).toHaveLength(3);
});

it.each([
  ['nothing', ok({})],
  ['a person without a workspace', ok({ user: { name: 'x' } })],
  ['that there is nobody', { kind: 'failed', failure: { code: 'user_not_found', class: 'channel' } } as const],
])('takes somebody about whom Slack says %s for foreign', async (_what, answer) => {
  const { client } = clientOf(answer);

  const person = await createSlackPeople({ client, team: 'T1' }).personNow('U1');

  expect(person.foreign).toBe(true);
});

it('fails when Slack does not answer for a decision', async () => {
  const { client } = clientOf({ kind: 'failed', failure: { code: 'timeout', class: 'uncertain' } });
  const people = createSlackPeople({ client, team: 'T1' });

  await expect(people.personNow('U1')).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
  await expect(people.placeNow('C1')).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
});
