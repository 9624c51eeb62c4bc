import { blankDiagnosis, type Diagnosis, type Verdict } from '../core/diagnosis/diagnosis.ts';
import { rankFindings } from '../core/diagnosis/rank.ts';
import { toScope } from '../core/expression/cel.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { checkedNode, type NodeFacts, nodeFacts, nodeScope, seenOfNode } from '../core/facts/node-facts.ts';
import { type NodeLeaseFact, nodeLeaseFact } from '../core/facts/node-lease.ts';
import { NODE_EVENTS, NODE_LEASES, resourceOf } from '../core/subject/kinds.ts';
import { type DiagnosisContext, readEvents } from './diagnose-pod.ts';
import { investigate } from './investigate.ts';

/** Judges a node that was read already: its conditions, its events, its lease, and whatever its playbooks ask for. */
export async function diagnoseNode(raw: JsonObject, context: DiagnosisContext): Promise<Diagnosis> {
  const facts = await readNode(raw, context);
  const { subject, state, now } = facts;
  const { findings, considered } = await investigate({
    subject,
    base: toScope(nodeScope(facts)),
    playbooks: context.playbooks,
    reads: context.reads,
    ...(context.follow === undefined ? {} : { follow: context.follow }),
  });
  const { possible, ...ranking } = rankFindings(findings);
  const otherwise: Verdict = state.verdict === 'trouble' ? 'unknown' : state.verdict;
  const verdict: Verdict = ranking.primary === undefined ? otherwise : 'cause';
  return {
    ...blankDiagnosis(subject, now, state.status),
    ...(state.since === undefined || verdict === 'starting' || verdict === 'stopping' ? {} : { since: state.since }),
    ...ranking,
    verdict,
    seen:
      verdict === 'unknown' ? [...possible.map((finding) => `possible: ${finding.cause}`), ...seenOfNode(facts)] : [],
    checked: verdict === 'cause' || verdict === 'unknown' ? [] : checkedNode(facts),
    unread: context.reads.unread(),
    considered,
  };
}

async function readNode(raw: JsonObject, context: DiagnosisContext): Promise<NodeFacts> {
  const name = asKube<KubeObject>(raw).metadata?.name ?? '';
  const [events, lease] = await Promise.all([
    readEvents('Node', { namespace: NODE_EVENTS, name }, context.reads),
    context.reads.get({ resource: resourceOf('Lease'), namespace: NODE_LEASES, name }),
  ]);
  const now = context.now();
  const known: Readonly<Record<typeof lease.kind, () => NodeLeaseFact | undefined>> = {
    found: () => (lease.kind === 'found' ? nodeLeaseFact(lease.object, now) : undefined),
    missing: () => ({ exists: false }),
    unreadable: () => undefined,
  };
  return nodeFacts(raw, { events, lease: known[lease.kind](), now });
}
