import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import type { Incident, IncidentSilence } from '../../core/triage/incident.ts';
import {
  commentProblem,
  durationProblem,
  matcherText,
  parseMatchers,
  SILENCE_CHOICES,
  type SilenceDraft,
  type SilenceMatcher,
} from '../../core/triage/silence.ts';
import { type ClusterWords, matchersFor } from '../../core/triage/silence-draft.ts';
import type { SilenceResult } from '../../ports/alertmanager.ts';
import type { Act, Bot, ClickReply, SilenceEntry, SilenceReply } from '../../ports/bot.ts';
import type { BotDeps, BotSettings } from './bot-deps.ts';
import { isFirstClick } from './first-click.ts';
import { checkIncident, checkOpenIncident } from './incident-permission.ts';
import { nameOf } from './person-name.ts';

/** As long as one attempt may take; afterwards its comment tells that it was made. */
const ATTEMPT_SECONDS = 30;
/** A clock of ours that is ahead must not delay the silence: Alertmanager takes its own time for one that is over. */
const EARLIER_MS = 600_000;
const NONE = 'No Alertmanager is configured for this cluster: `alerts.alertmanagers` in kubewhy.yaml names them.';

type Refusal = Exclude<ClickReply, { kind: 'done' }>;

/** The button "Silence…": what its window shows. */
export async function prepareSilence(act: Act, incident: string, deps: BotDeps): ReturnType<Bot['prepareSilence']> {
  if (!(await isFirstClick(act, deps))) {
    return { kind: 'duplicate' };
  }
  const checked = await checkOpen(act, incident, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const { incident: known } = checked;
  const alertmanagers = deps.alertmanagers.namesFor(known.cluster);
  if (alertmanagers.length === 0) {
    return { kind: 'refused', reason: NONE };
  }
  const settings = deps.settings();
  const words = clusterWords(known, settings);
  const form = {
    incident,
    title: titleOf(known),
    alertmanagers,
    matchers: matchersFor(known, words).map(matcherText),
    choices: SILENCE_CHOICES,
  };
  const everyCluster = words.values.length === 0 && settings.clusters.length > 1;
  return { kind: 'form', form: everyCluster ? { ...form, everyCluster } : form };
}

/** The window was sent: makes the silence, once, whatever is delivered or sent again. */
export async function silence(
  act: Act,
  asked: { readonly incident: string; readonly entry: SilenceEntry },
  deps: BotDeps,
): Promise<SilenceReply> {
  const mark = deps.ids.derive('silence', act.team, act.delivery);
  const attempt = `silence-${mark}`;
  if (!(await deps.seen.firstTime(attempt, ATTEMPT_SECONDS))) {
    deps.metrics.count('duplicates_total', { kind: 'click' });
    return { kind: 'duplicate' };
  }
  try {
    const reply = await silenceChecked(act, { ...asked, mark }, deps);
    if (reply.kind !== 'done') {
      // The window stays open, and sends itself again under the same name.
      await deps.seen.forget(attempt);
    }
    return reply;
  } catch (error) {
    await deps.seen.forget(attempt).catch(() => undefined);
    throw error;
  }
}

interface Asked {
  readonly incident: string;
  readonly entry: SilenceEntry;
  readonly mark: string;
}

async function silenceChecked(act: Act, { incident, entry, mark }: Asked, deps: BotDeps): Promise<SilenceReply> {
  const checked = await checkOpen(act, incident, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const read = readEntry(entry);
  if (read.kind !== 'valid') {
    return read;
  }
  if (!deps.alertmanagers.namesFor(checked.incident.cluster).includes(entry.alertmanager)) {
    return { kind: 'refused', reason: NONE };
  }
  const draft = await draftOf(act, { incident, entry, mark }, read.matchers, deps);
  const result = await deps.alertmanagers.silence(entry.alertmanager, draft);
  return result.kind === 'made'
    ? keep(act, { incident, alertmanager: entry.alertmanager, draft, made: result }, deps)
    : failureOf(entry.alertmanager, result);
}

/** The button that ends a silence; of an incident that is over as well. */
export async function endSilence(
  act: Act,
  asked: { readonly incident: string; readonly silence: string },
  deps: BotDeps,
): Promise<ClickReply> {
  if (!(await isFirstClick(act, deps))) {
    return { kind: 'duplicate' };
  }
  const checked = await checkIncident(act, { incident: asked.incident, deed: 'silence' }, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const known = checked.record.people.silences.find(({ id }) => id === asked.silence);
  if (known === undefined) {
    return { kind: 'refused', reason: 'Kubewhy does not know this silence any more. End it in Alertmanager.' };
  }
  if (known.undoneBy !== undefined) {
    const by = known.undoneBy === act.user ? 'you' : `@${await nameOf(known.undoneBy, deps)}`;
    return { kind: 'done', say: `This silence was ended already by ${by}.` };
  }
  const result = await deps.alertmanagers.endSilence(known.alertmanager, known.id);
  if (result.kind === 'refused' || result.kind === 'unavailable') {
    const reason = `Alertmanager ${known.alertmanager} did not end the silence: ${result.reason}.`;
    return { kind: result.kind, reason };
  }
  deps.logger.info('a silence was ended', { ...asked, alertmanager: known.alertmanager, user: act.user });
  return note(
    () => deps.desk.saveSilence(asked.incident, { ...known, undoneBy: act.user }),
    'The silence was ended in Alertmanager, but Kubewhy could not note it, because its Redis does not answer. Press the button again in a minute.',
  );
}

async function checkOpen(
  act: Act,
  incident: string,
  deps: BotDeps,
): Promise<{ readonly kind: 'ok'; readonly incident: Incident } | Refusal> {
  const checked = await checkOpenIncident(act, { incident, deed: 'silence' }, deps);
  return checked.kind === 'ok' ? { kind: 'ok', incident: checked.record.incident } : checked;
}

function readEntry({
  matchers,
  minutes,
  comment,
}: SilenceEntry):
  | { readonly kind: 'valid'; readonly matchers: readonly SilenceMatcher[] }
  | Extract<SilenceReply, { kind: 'invalid' }> {
  const parsed = parseMatchers(matchers);
  if (parsed.kind === 'invalid') {
    return { kind: 'invalid', field: 'matchers', reason: parsed.reason };
  }
  const duration = durationProblem(minutes);
  if (duration !== undefined) {
    return { kind: 'invalid', field: 'duration', reason: duration };
  }
  const reason = commentProblem(comment);
  return reason === undefined ? parsed : { kind: 'invalid', field: 'comment', reason };
}

/** The mark in the comment tells this silence from every other one. */
async function draftOf(
  act: Act,
  { incident, entry, mark }: Asked,
  matchers: readonly SilenceMatcher[],
  deps: BotDeps,
): Promise<SilenceDraft> {
  const now = deps.clock.now().getTime();
  const name = await nameOf(act.user, deps);
  return {
    matchers,
    startsAt: new Date(now - EARLIER_MS).toISOString(),
    endsAt: new Date(now + entry.minutes * 60_000).toISOString(),
    createdBy: name === act.user ? act.user : `${name} (${act.user})`,
    comment: `${entry.comment.trim()} (Kubewhy, incident ${incident}, ${mark})`,
  };
}

interface Made {
  readonly incident: string;
  readonly alertmanager: string;
  readonly draft: SilenceDraft;
  readonly made: Extract<SilenceResult, { kind: 'made' }>;
}

async function keep(act: Act, { incident, alertmanager, draft, made }: Made, deps: BotDeps): Promise<SilenceReply> {
  if (made.ended) {
    return { kind: 'refused', reason: 'This silence was made before and has ended meanwhile. Open the window again.' };
  }
  const kept: IncidentSilence = {
    id: made.id,
    alertmanager,
    user: act.user,
    at: deps.clock.now().toISOString(),
    until: draft.endsAt,
    matchers: draft.matchers.map(matcherText),
  };
  deps.logger.info('a silence was made', { incident, alertmanager, silence: made.id, user: act.user });
  const say = `The silence holds in Alertmanager ${alertmanager}. It is shown at the incident, where it can be ended.`;
  return note(
    () => deps.desk.saveSilence(incident, kept),
    `The silence holds in Alertmanager ${alertmanager}, but Kubewhy could not note it, because its Redis does not answer. End it there when it is over.`,
    say,
  );
}

/** What Alertmanager did stays done when it cannot be noted, and has to be said. */
async function note(save: () => Promise<void>, lost: string, say?: string): Promise<ClickReply> {
  try {
    await save();
    return { kind: 'done', ...(say === undefined ? {} : { say }) };
  } catch (error) {
    if (!isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      throw error;
    }
    return { kind: 'unavailable', reason: lost };
  }
}

function failureOf(name: string, result: Exclude<SilenceResult, { kind: 'made' }>): SilenceReply {
  if (result.kind === 'uncertain') {
    const reason = `Nothing was heard from Alertmanager ${name} after the silence was sent (${result.reason}), so it may hold. Look there before you silence it again.`;
    return { kind: 'unavailable', reason };
  }
  const words = `Alertmanager ${name} did not make the silence: ${result.reason}.`;
  return { kind: result.kind, reason: result.kind === 'refused' ? words : `${words} Nothing was changed; try again.` };
}

/** Where one cluster is all there is, nothing needs to be told apart. */
function clusterWords({ cluster }: Incident, { clusters, incidents }: BotSettings): ClusterWords {
  const { clusterLabel: label, clusterNames } = incidents;
  if (clusters.length < 2) {
    return { label, values: [] };
  }
  const words = Object.entries(clusterNames).filter(([, name]) => name === cluster);
  if (words.length > 0) {
    return { label, values: words.map(([word]) => word) };
  }
  // The label says the name itself, unless there it means another cluster.
  const known = clusters.includes(cluster) && !Object.hasOwn(clusterNames, cluster);
  return { label, values: known ? [cluster] : [] };
}

function titleOf({ names, roots, rootsBeyond }: Incident): string {
  const [name = 'alerts'] = names;
  const [root] = roots;
  const more = roots.length + rootsBeyond > 1 ? ` and ${roots.length + rootsBeyond - 1} more` : '';
  return shorten(oneLine(root === undefined ? name : `${name}: ${root.title}${more}`), 200);
}
