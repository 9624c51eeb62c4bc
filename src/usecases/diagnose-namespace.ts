import { blankDiagnosis, type Diagnosis, type Verdict } from '../core/diagnosis/diagnosis.ts';
import { rankFindings } from '../core/diagnosis/rank.ts';
import { toScope } from '../core/expression/cel.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import {
  checkedNamespace,
  type NamespaceFacts,
  namespaceFacts,
  namespaceScope,
  seenOfNamespace,
} from '../core/facts/namespace-facts.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { DiagnosisContext } from './diagnose-pod.ts';
import { investigate } from './investigate.ts';

/** Pods that are looked at for whether they may still end by themselves. */
const MOST_PODS = 500;

/** Judges a namespace that was read already; only one whose deletion does not get on is judged by playbooks. */
export async function diagnoseNamespace(raw: JsonObject, context: DiagnosisContext): Promise<Diagnosis> {
  const facts = await readNamespace(raw, context);
  const { subject, state, now } = facts;
  const base = blankDiagnosis(subject, now, state.status);
  const otherwise: Verdict = state.verdict === 'trouble' ? 'unknown' : state.verdict;
  if (!state.slow) {
    return { ...base, verdict: otherwise, checked: checkedNamespace(facts), unread: context.reads.unread() };
  }
  const { findings, considered } = await investigate({
    subject,
    base: toScope(namespaceScope(facts)),
    playbooks: context.playbooks,
    reads: context.reads,
    ...(context.follow === undefined ? {} : { follow: context.follow }),
  });
  const { possible, ...ranking } = rankFindings(findings);
  const verdict: Verdict = ranking.primary === undefined ? otherwise : 'cause';
  return {
    ...base,
    ...(state.since === undefined || verdict === 'stopping' ? {} : { since: state.since }),
    ...ranking,
    verdict,
    seen:
      verdict === 'unknown'
        ? [...possible.map((finding) => `possible: ${finding.cause}`), ...seenOfNamespace(facts)]
        : [],
    checked: verdict === 'stopping' ? checkedNamespace(facts) : [],
    unread: context.reads.unread(),
    considered,
  };
}

async function readNamespace(raw: JsonObject, context: DiagnosisContext): Promise<NamespaceFacts> {
  const { name = '', deletionTimestamp } = asKube<KubeObject>(raw).metadata ?? {};
  if (deletionTimestamp === undefined) {
    return namespaceFacts(raw, [], context.now());
  }
  const pods = await context.reads.list({
    resource: resourceOf('Pod'),
    namespace: name,
    metadataOnly: true,
    limit: MOST_PODS,
  });
  return namespaceFacts(raw, pods.kind === 'found' ? pods.objects : undefined, context.now());
}
