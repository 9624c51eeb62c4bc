import type { CompiledNeed, CompiledPlaybook, CompiledRemediation, CompiledText } from '../playbook/compiled.ts';
import { STAGES } from '../playbook/vocabulary.ts';
import type { ResourceType } from '../subject/kinds.ts';
import { createPage, type Item, type PageOptions, plainItems, type Section } from './page.ts';
import { padEnd } from './text-width.ts';
import { wrapText } from './wrap.ts';

const ROLES = {
  cause: 'names a cause',
  fallback: 'stands only when no other playbook names a cause',
  modifier: 'is added to a cause, never a cause itself',
} as const;

/** One playbook a line: stage, name and title, in the order of the life cycle. */
export function renderPlaybookList(playbooks: readonly CompiledPlaybook[]): string {
  const sorted = playbooks.toSorted(
    (a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || Number(a.name > b.name) - Number(a.name < b.name),
  );
  const stageWidth = Math.max(0, ...sorted.map(({ stage }) => stage.length));
  const nameWidth = Math.max(0, ...sorted.map(({ name }) => name.length));
  return sorted
    .map(({ stage, name, title }) => `${padEnd(stage, stageWidth)}  ${padEnd(name, nameWidth)}  ${title}`)
    .join('\n');
}

/** A playbook in words: what triggers it, what it reads, what it checks and what it says. */
export function renderPlaybook(playbook: CompiledPlaybook, options: PageOptions = {}): string {
  const page = createPage(options);
  const title = wrapText(`${playbook.name}: ${playbook.title}`, page.width).map((line) => page.paint('strong', line));
  const sections = sectionsOf(playbook).flatMap((section) => page.section(section));
  return [...title, '', ...sections].join('\n');
}

function sectionsOf(playbook: CompiledPlaybook): readonly Section[] {
  const { forEach, match, trigger, needs, checks, refute, explains, remediation, follow } = playbook;
  return [
    {
      label: 'about',
      items: [{ text: `${playbook.subjects.join(', ')}; stage ${playbook.stage}; ${ROLES[playbook.role]}` }],
    },
    { label: 'each', items: forEach === undefined ? [] : [{ text: `${forEach.name} of ${forEach.over.source}` }] },
    { label: 'match', items: match.map(matchItem) },
    { label: 'when', items: [{ text: trigger.source }] },
    { label: 'where', items: playbook.lets.map(({ name, value }) => ({ text: `${name} = ${value.source}` })) },
    { label: 'reads', items: needs.map((need) => ({ text: needText(need) })) },
    { label: 'rights', items: plainItems([...new Set(needs.map(permission))]) },
    {
      label: 'checks',
      items: checks.map((check) => ({ text: `${check.ask} ${expected(check)} (${check.when.source})` })),
    },
    { label: 'unless', items: refute.map(({ when, because }) => ({ text: `${because.source} (${when.source})` })) },
    { label: 'says', items: plainItems(texts(playbook.cause)) },
    { label: 'blames', items: plainItems(texts(playbook.blames)) },
    { label: 'why', items: plainItems(texts(playbook.why)) },
    { label: 'proof', items: plainItems(texts(playbook.evidence)) },
    { label: 'fix', items: plainItems(texts(playbook.advice)) },
    { label: 'later', items: plainItems(texts(playbook.later)) },
    {
      label: 'offers',
      items:
        remediation === undefined
          ? []
          : [{ text: `${remediation.action}${parameterText(remediation)}${condition(remediation.when?.source)}` }],
    },
    { label: 'root', items: follow === undefined ? [] : [{ text: rootText(follow) }] },
    { label: 'covers', items: explains.length === 0 ? [] : [{ text: explains.join(', ') }] },
  ];
}

function rootText({ kind, objectName, when }: NonNullable<CompiledPlaybook['follow']>): string {
  return `the cause of ${kind} ${objectName.source}${condition(when?.source)}`;
}

function matchItem({ name, pattern, in: where, optional }: CompiledPlaybook['match'][number]): Item {
  return { text: `${name} = ${pattern.source}\nin ${where.source}${optional ? ' (optional)' : ''}` };
}

function texts(items: readonly CompiledText[]): readonly string[] {
  return items.map(({ text, when }) => `${text.source}${condition(when?.source)}`);
}

function parameterText({ parameters }: CompiledRemediation): string {
  const listed = parameters.map(({ name, text }) => `${name}: ${text.source}`).join(', ');
  return listed === '' ? '' : ` (${listed})`;
}

function condition(source: string | undefined): string {
  return source === undefined ? '' : ` (when ${source})`;
}

function expected({ expect, required }: CompiledPlaybook['checks'][number]): string {
  const answer = expect ? 'yes' : 'no';
  return required ? `must be ${answer}` : `${answer} supports it`;
}

function needText(need: CompiledNeed): string {
  const when = condition(need.when?.source);
  switch (need.kind) {
    case 'get':
      return `${need.name} = ${need.resource.kind} ${need.objectName.source}${need.metadataOnly ? ', metadata only' : ''}${when}`;
    case 'list': {
      const selectors = [need.labelSelector?.source, need.fieldSelector?.source].filter(
        (source) => source !== undefined,
      );
      const chosen = selectors.length === 0 ? '' : ` with ${selectors.join(' and ')}`;
      const where = need.allNamespaces ? ' of all namespaces' : '';
      return `${need.name} = list of ${need.resource.kind}${where}${chosen}${need.metadataOnly ? ', metadata only' : ''}${when}`;
    }
    case 'metadata':
      return `${need.name} = list of ${anyResource(need)}, metadata only${when}`;
    case 'runbook':
      return `${need.name} = output of ${runbookText(need)}${when}`;
    case 'log':
      return `${need.name} = log of container ${need.container.source}${need.pod === undefined ? '' : ` of ${need.pod.source}`}${when}`;
  }
}

/** Verb and resource, as a Role names them. */
function permission(need: CompiledNeed): string {
  if (need.kind === 'metadata') {
    return `list ${anyResource(need)}`;
  }
  if (need.kind === 'runbook') {
    return `run ${need.read}`;
  }
  return need.kind === 'log' ? 'get pods/log' : `${need.kind} ${resourceName(need.resource)}`;
}

function runbookText({ read, pool, image }: Extract<CompiledNeed, { kind: 'runbook' }>): string {
  return image === undefined ? read : `${read} ${pool?.source ?? ''}/${image.source}`;
}

function anyResource({ resourceName: name, group }: Extract<CompiledNeed, { kind: 'metadata' }>): string {
  return `${name.source}${group.source === '' ? '' : `.${group.source}`}`;
}

function resourceName({ resource, group }: ResourceType): string {
  return group === '' ? resource : `${resource}.${group}`;
}
