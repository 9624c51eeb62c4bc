import type { HomeView } from '@slack/types';
import type { ClusterStatus, HomeContent } from '../../../core/chat/content.ts';
import { context, section } from './blocks.ts';
import { fitBlocks, VIEW } from './fit-budget.ts';
import { helpSections, reachWord } from './help-message.ts';
import { homeRemediations } from './home-remediations.ts';
import { bold, code, prose, slackTime } from './mrkdwn.ts';
import type { Tier } from './rendered-message.ts';

/** Clusters that are shown one by one; the rest is counted. */
const MOST_CLUSTERS = 20;

/**
 * The App Home of a person: what waits for approval, the clusters with their last contact, and the help. `plain` has
 * sections only. Without the address of the workspace nothing is linked.
 */
export function homeView(
  { help, clusters, remediations, at }: HomeContent,
  tier: Tier,
  workspaceUrl?: string,
): HomeView {
  const shown = clusters.slice(0, MOST_CLUSTERS);
  const more = clusters.length - shown.length;
  const lines = [
    ...shown.map((cluster) => clusterLine(cluster, at)),
    ...(more > 0 ? [`… and ${more} more clusters`] : []),
    ...(clusters.length === 0 ? ['There is none that you may ask about.'] : []),
  ];
  const changes = remediations === undefined ? [] : homeRemediations(remediations, { tier, at, workspaceUrl });
  const small = `Kubewhy ${prose(help.version)} · ${reachWord(help)} · as of ${slackTime(at, at)}`;
  const blocks = [
    ...changes,
    section('home:clusters', `*Clusters*\n${lines.join('\n')}`),
    ...helpSections(help, 'home'),
    tier === 'plain' ? section('home:context', small) : context('home:context', [small]),
  ];
  return { type: 'home', blocks: [...fitBlocks(blocks, '', VIEW).blocks] };
}

function clusterLine(status: ClusterStatus, at: string): string {
  const { cluster, lastSeen, state, detail = '' } = status;
  const since = lastSeen === undefined ? '' : slackTime(lastSeen, at);
  const words = detail === '' ? '' : ` · ${prose(detail)}`;
  const seen = since === '' ? '' : ` · last contact ${since}`;
  const [emoji, says] = STATES[state];
  return `${emoji} ${bold(code(cluster))} ${says}${words}${seen}`;
}

const STATES: Readonly<Record<ClusterStatus['state'], readonly [string, string]>> = {
  reachable: [':large_green_circle:', 'can be asked about'],
  unreachable: [':red_circle:', 'cannot be reached'],
  silent: [':large_yellow_circle:', 'its diagnoser is silent; questions wait'],
  'never-seen': [':white_circle:', 'its diagnoser was never seen'],
};
