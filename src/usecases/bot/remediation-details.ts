import { oneLine, shorten } from '../../core/facts/text.ts';
import { targetText } from '../../core/remediation/change-identity.ts';
import type { AccessRight, RemediationRecord } from '../../core/remediation/remediation.ts';

const LONGEST_LINE = 200;
const MOST_LINES = 60;

/** Everything about a change as lines of text: what, on what, by whom, and what happened so far. */
export function detailLines({ signed, state, votes, history, steps, ending }: RemediationRecord): readonly string[] {
  const { plan, digest } = signed;
  const { approval, words, finding } = plan;
  const lines = [
    `change    ${plan.id} (${plan.input.action}, ${plan.tier})`,
    `state     ${state}`,
    `object    ${targetText(plan.target)}`,
    `cluster   ${plan.cluster}`,
    `because   ${finding.code}: ${finding.cause}`,
    ...words.steps.map((step, index) => `step ${index + 1}    ${step}`),
    ...words.commands.map((command) => `by hand   ${command}`),
    `touches   ${words.touches}`,
    `risk      ${words.risk}`,
    `undo      ${words.undo}`,
    ...plan.rights.map((right) => `needs     ${rightText(right)}`),
    `rule      ${approval.rule}: ${approval.required === 1 ? '1 approver' : `${approval.required} different approvers`}${approval.owners.length === 0 ? '' : ', one of them an owner'}`,
    `asked     ${plan.requester.user}`,
    `proposed  ${plan.proposer.user}`,
    ...votes.map(({ user, at, reason }) => `approved  ${user} ${at}${reason === '' ? '' : `: ${reason}`}`),
    ...history.map((one) => `${one.at} ${one.state}`),
    ...steps.map(({ what, ok, at, tookMs }) => `${at} ${what}: ${ok ? 'ok' : 'failed'} (${tookMs} ms)`),
    ...(ending === undefined ? [] : [`ended     ${ending.reason}`]),
    `expires   ${plan.expiresAt}`,
    `playbooks ${finding.playbooks}, question ${finding.question} run ${finding.run}`,
    `digest    ${digest}`,
  ];
  return lines.slice(0, MOST_LINES).map((line) => shorten(oneWide(line), LONGEST_LINE));
}

/** One line that keeps its columns. */
function oneWide(line: string): string {
  const head = line.slice(0, 10);
  return /^[a-z0-9 ]{10}$/.test(head) ? head + oneLine(line.slice(10)) : oneLine(line);
}

function rightText({ verb, group, resource, subresource, namespace, name }: AccessRight): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${subresource === '' ? '' : `/${subresource}`}`;
  return `${verb} ${what}${name === '' ? '' : ` ${name}`}${namespace === '' ? '' : ` in ${namespace}`}`;
}
