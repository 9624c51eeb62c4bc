import type { HomeContent, RemediationRow } from '../../core/chat/content.ts';
import { mayApprove } from '../../core/policy/decide-remediation.ts';
import type { GroupFact } from '../../core/policy/incident-policy.ts';
import { mayAsk, rulesFor } from '../../core/policy/reading-policy.ts';
import { actingProblem } from '../../core/policy/remediation-people.ts';
import { groupsOfRules, permissionsOf } from '../../core/policy/remediation-permissions.ts';
import type { RemediationRecord } from '../../core/remediation/remediation.ts';
import type { Person } from '../../ports/people.ts';
import type { BotDeps } from './bot-deps.ts';
import { groupFacts } from './group-facts.ts';
import { approvalQuestion, type RemediationParts, remediationParts } from './remediation-permission.ts';

const MOST_WAITING = 12;
const MOST_RECENT = 10;
const LOOKED_THROUGH = 100;
/** Each is one call to the chat system, and somebody waits for the page. */
const MOST_GROUPS = 20;

type HomeRemediations = NonNullable<HomeContent['remediations']>;

/** Somebody with everything that decides what that person sees. */
interface Viewer {
  readonly person: Person;
  readonly team: string;
  readonly groups: readonly GroupFact[];
  readonly parts: RemediationParts;
}

/**
 * What waits for a person, what was decided lately, and what that person may approve; undefined where nothing can be
 * changed and for those who may decide nothing. Throws STORE_UNAVAILABLE.
 */
export async function homeRemediations(
  { person, team }: { readonly person: Person; readonly team: string },
  deps: BotDeps,
): Promise<HomeRemediations | undefined> {
  const parts = remediationParts(deps);
  if (parts === undefined || actingProblem(parts.policy, { person, place: OWN_PLACE, team }) !== undefined) {
    return undefined;
  }
  const groups = await groupFacts(groupsOfRules(parts.policy).slice(0, MOST_GROUPS), deps);
  const viewer = { person, team, groups, parts };
  const [open, ended, stopped] = await Promise.all([
    parts.store.list({ open: true, limit: LOOKED_THROUGH }),
    parts.store.list({ open: false, limit: LOOKED_THROUGH }),
    stoppedClusters(viewer, deps),
  ]);
  const rowsOf = (records: readonly RemediationRecord[]): readonly RemediationRow[] =>
    records.filter((record) => maySee(record, viewer, deps)).map((record) => rowOf(record, viewer));
  return {
    waiting: rowsOf(open.filter(({ state }) => state === 'awaiting_approval'))
      .toSorted((a, b) => Number(b.yours) - Number(a.yours))
      .slice(0, MOST_WAITING),
    recent: rowsOf(ended).slice(0, MOST_RECENT),
    permissions: permissionsOf(parts.policy, person, groups),
    stopped,
  };
}

/** The bot's own place, where only that person is. */
const OWN_PLACE = { channel: '', kind: 'direct', shared: false, archived: false, member: true } as const;

function rowOf(record: RemediationRecord, viewer: Viewer): RemediationRow {
  const { state, votes, history, message, signed } = record;
  const { plan } = signed;
  return {
    id: plan.id,
    title: plan.words.title,
    cluster: plan.cluster,
    state,
    since: history.at(-1)?.at ?? plan.proposedAt,
    ...(state === 'awaiting_approval' ? { expiresAt: plan.expiresAt } : {}),
    votes: votes.length,
    required: plan.approval.required,
    requester: plan.requester.user,
    yours: state === 'awaiting_approval' && mayStillApprove(record, viewer),
    ...(message === undefined ? {} : { thread: message }),
  };
}

function mayStillApprove(record: RemediationRecord, { person, team, groups, parts }: Viewer): boolean {
  const question = approvalQuestion(record, { person, place: OWN_PLACE, team });
  return (
    !record.votes.some(({ user }) => user === person.user) &&
    mayApprove(parts.policy, { ...question, groups }).kind === 'allowed'
  );
}

/**
 * Whether a change may be named to somebody: whoever may approve it, asked for it, proposed it or voted, and whoever may
 * ask about it wherever that is. Rules for channels count for nobody, since nobody knows here who is in them.
 */
function maySee(record: RemediationRecord, viewer: Viewer, deps: BotDeps): boolean {
  const { plan } = record.signed;
  const { person, team, groups, parts } = viewer;
  if (plan.replyTo.team !== team) {
    return false;
  }
  const own = [plan.requester, plan.proposer, ...record.votes].some(({ user }) => user === person.user);
  const question = approvalQuestion(record, { person, place: OWN_PLACE, team });
  if (own || mayApprove(parts.policy, { ...question, groups }).kind === 'allowed') {
    return true;
  }
  const { reading } = deps.settings();
  const rules = rulesFor(reading, person)
    .filter(({ channels, users }) => channels.includes('direct') || users !== undefined)
    .map((rule) => ({ ...rule, channels: ['direct'] }));
  const { cluster, namespace } = question.change;
  return mayAsk({ ...reading, rules }, { person, place: OWN_PLACE, cluster, namespace }).kind === 'allowed';
}

/** Where changes are switched off, by a person or because they did not help, of what that person may know about. */
async function stoppedClusters({ person, parts, groups }: Viewer, deps: BotDeps): Promise<readonly string[]> {
  const [switches, breakers] = await Promise.all([parts.store.stopped(), parts.store.breakers()]);
  const scopes = [
    ...switches.map(({ scope }) => scope),
    ...breakers.filter(({ action }) => action === '').map(({ cluster }) => cluster),
  ];
  const approver = permissionsOf(parts.policy, person, groups).length > 0;
  const { reading, clusters } = deps.settings();
  const rules = rulesFor(reading, person);
  const visible = clusters.filter(
    (cluster) => approver || rules.some((rule) => rule.clusters === undefined || rule.clusters.includes(cluster)),
  );
  return [...new Set(scopes)].filter((scope) => scope === '*' || visible.includes(scope));
}
