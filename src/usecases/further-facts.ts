import { cephFact, MISSING_IMAGE } from '../core/ceph/ceph-fact.ts';
import { type Scope, toFact } from '../core/expression/cel.ts';
import type { Template } from '../core/expression/template.ts';
import { listFact, MISSING_OBJECT, objectFact } from '../core/facts/object-fact.ts';
import { printable, shorten } from '../core/facts/text.ts';
import type { CompiledNeed } from '../core/playbook/compiled.ts';
import { bindLets, type Candidate, openNeeds } from '../core/playbook/evaluate.ts';
import { namespacedResource } from '../core/subject/any-resource.ts';
import { governingNamespace, type SubjectQuery } from '../core/subject/subject.ts';
import type { Unreadable } from '../ports/cluster-reader.ts';
import type { Reads } from './reads.ts';

/** Rounds of reading that may follow the base facts; a later need may use what an earlier one found. */
const MOST_ROUNDS = 3;

/** Reads what the candidates declare, all of a round in parallel, and binds it into their scopes. */
export async function readFurtherFacts(
  candidates: readonly Candidate[],
  reads: Reads,
  subject: Required<SubjectQuery>,
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const open = candidates.flatMap((candidate) => askable(candidate).map((need) => ({ candidate, need })));
    if (open.length === 0) {
      return;
    }
    await Promise.all(open.map(({ candidate, need }) => readNeed(candidate, need, reads, subject)));
  }
}

/** The needs that can be read now; a need that turns out not to be wanted may make others askable. */
function askable(candidate: Candidate): readonly CompiledNeed[] {
  for (;;) {
    bindLets(candidate);
    const known = Object.keys(candidate.scope).length;
    const open = openNeeds(candidate);
    if (Object.keys(candidate.scope).length === known) {
      return open;
    }
  }
}

type Answer = { readonly fact: Scope[string] } | Unreadable | { readonly kind: 'later' };

async function readNeed(
  candidate: Candidate,
  need: CompiledNeed,
  reads: Reads,
  subject: Required<SubjectQuery>,
): Promise<void> {
  const answer = await ask(candidate.scope, need, reads, subject);
  if ('fact' in answer) {
    candidate.scope[need.name] = answer.fact;
  } else if (answer.kind === 'unreadable') {
    candidate.unread.set(need.name, answer.message);
  }
}

async function ask(scope: Scope, need: CompiledNeed, reads: Reads, subject: Required<SubjectQuery>): Promise<Answer> {
  switch (need.kind) {
    case 'get':
      return askGet(scope, need, reads, governingNamespace(subject));
    case 'list':
      return askList(scope, need, reads, governingNamespace(subject));
    case 'metadata':
      return askMetadata(scope, need, reads, governingNamespace(subject));
    case 'log':
      return askLog(scope, need, reads, subject);
    case 'runbook':
      return askStep(scope, need, reads);
  }
}

const LATER = { kind: 'later' } as const;

async function askGet(
  scope: Scope,
  need: Extract<CompiledNeed, { kind: 'get' }>,
  reads: Reads,
  ownNamespace: string,
): Promise<Answer> {
  const name = text(need.objectName, scope);
  const namespace = text(need.namespace, scope, ownNamespace);
  if (name === undefined || namespace === undefined) {
    return LATER;
  }
  if (name === '') {
    return { fact: toFact(MISSING_OBJECT) };
  }
  const place = need.resource.namespaced ? { namespace } : {};
  const result = await reads.get({ resource: need.resource, ...place, name, metadataOnly: need.metadataOnly });
  if (result.kind === 'unreadable') {
    return result;
  }
  return { fact: toFact(result.kind === 'found' ? objectFact(result.object) : MISSING_OBJECT) };
}

async function askList(
  scope: Scope,
  need: Extract<CompiledNeed, { kind: 'list' }>,
  reads: Reads,
  ownNamespace: string,
): Promise<Answer> {
  const namespace = text(need.namespace, scope, ownNamespace);
  const labelSelector = text(need.labelSelector, scope, '');
  const fieldSelector = text(need.fieldSelector, scope, '');
  if (namespace === undefined || labelSelector === undefined || fieldSelector === undefined) {
    return LATER;
  }
  const result = await reads.list({
    resource: need.resource,
    ...(need.resource.namespaced && !need.allNamespaces ? { namespace } : {}),
    ...(labelSelector === '' ? {} : { labelSelector }),
    ...(fieldSelector === '' ? {} : { fieldSelector }),
    metadataOnly: need.metadataOnly,
    ...(need.limit === undefined ? {} : { limit: need.limit }),
  });
  return result.kind === 'unreadable' ? result : { fact: toFact(listFact(result.objects, result.truncated)) };
}

/** What such a name comes from is hostile: only what can be a resource is asked for, and never its content. */
async function askMetadata(
  scope: Scope,
  need: Extract<CompiledNeed, { kind: 'metadata' }>,
  reads: Reads,
  ownNamespace: string,
): Promise<Answer> {
  const [group, version, name] = [need.group, need.version, need.resourceName].map((part) => text(part, scope));
  const namespace = text(need.namespace, scope, ownNamespace);
  if (group === undefined || version === undefined || name === undefined || namespace === undefined) {
    return LATER;
  }
  const resource = namespacedResource({ group, version, resource: name });
  if (resource === undefined || namespace === '') {
    const message = printable(
      shorten(`could not read ${name} of ${group}/${version}: that is no resource of a namespace`, 300),
    );
    return { kind: 'unreadable', why: 'invalid', message };
  }
  const result = await reads.list({
    resource,
    namespace,
    metadataOnly: true,
    ...(need.limit === undefined ? {} : { limit: need.limit }),
  });
  return result.kind === 'unreadable' ? result : { fact: toFact(listFact(result.objects, result.truncated)) };
}

async function askLog(
  scope: Scope,
  need: Extract<CompiledNeed, { kind: 'log' }>,
  reads: Reads,
  subject: Required<SubjectQuery>,
): Promise<Answer> {
  const container = need.container.evaluate(scope);
  const previous = need.previous.evaluate(scope);
  const pod = text(need.pod, scope, subject.name);
  const namespace = text(need.namespace, scope, subject.namespace);
  if (!container.ok || typeof container.value !== 'string' || !previous.ok) {
    return LATER;
  }
  if (pod === undefined || namespace === undefined) {
    return LATER;
  }
  const result = await reads.logs({
    namespace,
    pod,
    container: container.value,
    previous: previous.value === true,
  });
  if (result.kind === 'unreadable') {
    return result;
  }
  const log = result.kind === 'found' ? result.text : '';
  return {
    fact: toFact({
      exists: result.kind === 'found',
      text: log,
      lines: log.split('\n').filter((line) => line.trim() !== ''),
    }),
  };
}

async function askStep(scope: Scope, need: Extract<CompiledNeed, { kind: 'runbook' }>, reads: Reads): Promise<Answer> {
  const pool = text(need.pool, scope, '');
  const image = text(need.image, scope, '');
  if (pool === undefined || image === undefined) {
    return LATER;
  }
  const result = await reads.runbook({ read: need.read, ...(need.image === undefined ? {} : { pool, image }) });
  if (result.kind === 'unreadable') {
    return result;
  }
  const fact = result.kind === 'missing' ? MISSING_IMAGE : cephFact(need.read, result.text);
  return fact === undefined
    ? { kind: 'unreadable', why: 'invalid', message: `the output of ${need.read} is not understood` }
    : { fact: toFact(fact) };
}

/** The rendered text, the default when there is no template, undefined when it cannot be rendered yet. */
function text(template: Template | undefined, scope: Scope, fallback?: string): string | undefined {
  if (template === undefined) {
    return fallback;
  }
  const rendered = template.render(scope);
  return rendered.ok ? rendered.text : undefined;
}
