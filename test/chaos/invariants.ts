import type { RemediationRecord } from '../../src/core/remediation/remediation.ts';
import { isOpen, REMEDIATION_STATES } from '../../src/core/remediation/state.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Invariant, Violation } from './cell.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { Effect } from './http-wire.ts';
import { approverOf } from './people.ts';
import type { Accepted, Run } from './run.ts';
import { isPromise, keyOf } from './sight.ts';

/** The clocks of the processes are one, but entries are stamped when they are written. */
const CLOCK_SLACK_MS = 50;

/** Everything about a run that must never be. Empty: nothing is wrong, or not yet. */
export async function violationsOf(run: Run, world: ChaosWorld, trail: AuditTrail): Promise<readonly Violation[]> {
  const records = await recordsOf(run, world);
  const effects = world.api.effects.filter(({ url }) => url.includes(`/${run.namespace}/`));
  const touched = await world.cluster.touched(run.namespace);
  return [
    ...run.complaints.map((complaint) => broken('I1', `${run.name}: ${complaint}`)),
    ...unfinished(run),
    ...run.accepted.flatMap((accepted) => lost(accepted, run, world, records)),
    ...doubled(run, effects, touched),
    ...unapproved(run, effects, records),
    ...otherUid(run, touched),
    ...effects.flatMap((effect) => unaudited(effect, trail)),
    ...records.flatMap((record) => unshown(record, run, world)),
    ...records.flatMap((record) => mistold(record, run, effects)),
  ];
}

/** Whether anything of a run is still under way. */
export async function isSettled(run: Run, world: ChaosWorld): Promise<boolean> {
  const records = await recordsOf(run, world);
  return (
    records.every((record) => !isOpen(record.state) || isLeftOver(record, run)) &&
    records.every((record) => isShown(record, run, world))
  );
}

async function recordsOf(run: Run, { store }: ChaosWorld): Promise<readonly RemediationRecord[]> {
  const ids = [...run.ids].filter((id) => id.startsWith('m-'));
  const read = await Promise.all(ids.map((id) => store.read(id)));
  return read.flatMap((record) => record ?? []);
}

/** A proposal that somebody may still decide about. */
function isLeftOver({ state }: RemediationRecord, run: Run): boolean {
  return state === 'awaiting_approval' && !run.accepted.some(({ what }) => what === 'approval' || what === 'denial');
}

function lost(
  accepted: Accepted,
  run: Run,
  world: ChaosWorld,
  records: readonly RemediationRecord[],
): readonly Violation[] {
  const messages = world.slack.messages(run.channel);
  const said = (start: string): boolean => messages.some((message) => keyOf(message).startsWith(start));
  const told = world.slack
    .ephemerals()
    .some(
      ({ channel, versions }) =>
        channel === run.channel && (versions.at(-1)?.at ?? 0) >= accepted.at && !isPromise(versions.at(-1)?.text ?? ''),
    );
  const { what, id } = accepted;
  const record = records.find(({ signed }) => signed.plan.id === id);
  const settled = {
    question: said(id),
    review: records.some(({ signed }) => signed.plan.finding.question === id) || said(`${id}-refused-`) || told,
    approval: (record !== undefined && !isOpen(record.state)) || told,
    denial: (record !== undefined && !isOpen(record.state)) || told,
  }[what];
  return settled
    ? []
    : [
        broken(
          'I1',
          `${run.name}: a ${what} was accepted and came to nothing (${id}, ${record?.state ?? 'no record'})`,
        ),
      ];
}

/** Whoever asks long enough after everything works again gets an end, or a refusal with its reason. */
function unfinished({ name, outcome, testFailure }: Run): readonly Violation[] {
  const isEnd = REMEDIATION_STATES.some((state) => state === outcome) || outcome.startsWith('refused: ');
  return isEnd ? [] : [broken('other', `${name}: ${testFailure ?? `it came to no end: ${outcome}`}`)];
}

function doubled(run: Run, effects: readonly Effect[], touched: readonly string[]): readonly Violation[] {
  const ids = effects.map(({ remediation }) => remediation);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  const more = touched.length > new Set(ids).size;
  return [
    ...twice.map((id) => broken('I2', `${run.name}: ${id} had more than one effect`)),
    ...(more ? [broken('I2', `${run.name}: ${touched.length} changes by ${new Set(ids).size} remediations`)] : []),
  ];
}

/** Neither without an approval, nor before it, nor when its time was over. */
function unapproved(run: Run, effects: readonly Effect[], records: readonly RemediationRecord[]): readonly Violation[] {
  return effects.flatMap(({ remediation, at }) => {
    const record = records.find(({ signed }) => signed.plan.id === remediation);
    const given = record?.votes.some(
      ({ user, at: votedAt }) => user === approverOf(run.index).id && Date.parse(votedAt) <= at + CLOCK_SLACK_MS,
    );
    const inTime = record?.actBefore !== undefined && at <= Date.parse(record.actBefore) + CLOCK_SLACK_MS;
    const asked = !run.isDenied && run.approvedAt !== undefined && run.approvedAt <= at;
    return given === true && inTime && asked
      ? []
      : [broken('I3', `${run.name}: an effect of ${remediation} without an approval that was valid`)];
  });
}

function otherUid(run: Run, touched: readonly string[]): readonly Violation[] {
  return touched
    .filter((uid) => uid !== run.pod.uid)
    .map((uid) => broken('I4', `${run.name}: ${uid} was changed instead of ${run.pod.uid}`));
}

function unaudited({ remediation }: Effect, trail: AuditTrail): readonly Violation[] {
  const events = trail.of(remediation).map(({ event }) => event);
  return (['approved', 'intent', 'result'] as const)
    .filter((event) => !events.includes(event))
    .map((event) => broken('I5', `the audit of ${remediation} has no entry "${event}"`));
}

function unshown(record: RemediationRecord, run: Run, world: ChaosWorld): readonly Violation[] {
  const { plan } = record.signed;
  const count = world.slack.messages(run.channel).filter((message) => keyOf(message) === plan.id).length;
  return [
    ...(isShown(record, run, world)
      ? []
      : [broken('I6', `${run.name}: Slack does not show that ${plan.id} is ${record.state}`)]),
    ...(count > 1 ? [broken('other', `${run.name}: ${plan.id} has ${count} messages`)] : []),
  ];
}

/** What is told must be what happened: "nothing was changed" is as wrong after an effect as "fixed" without one. */
function mistold({ state, signed }: RemediationRecord, run: Run, effects: readonly Effect[]): readonly Violation[] {
  if (isOpen(state) || state === 'unknown_outcome') {
    return [];
  }
  const { id } = signed.plan;
  const isMade = effects.some(({ remediation }) => remediation === id);
  const saysMade = state === 'succeeded' || state === 'verify_failed';
  return isMade === saysMade
    ? []
    : [broken('I6', `${run.name}: ${id} is ${state}, and the change was ${isMade ? '' : 'not '}made`)];
}

function isShown(record: RemediationRecord, run: Run, { slack }: ChaosWorld): boolean {
  const shown = slack.messages(run.channel).find((message) => keyOf(message) === record.signed.plan.id);
  return shown?.metadata?.event_payload['version'] === record.revision;
}

function broken(invariant: Invariant, says: string): Violation {
  return { invariant, says };
}
