import type { ContainerSummary, Diagnosis, Verdict } from '../diagnosis/diagnosis.ts';
import type { CheckResult, Consideration, Finding } from '../diagnosis/finding.ts';
import type { ActionCode } from '../playbook/vocabulary.ts';
import type { ProposedAction } from '../remediation/proposed-action.ts';
import type { Subject } from '../subject/subject.ts';
import { summaryLine } from './headline.ts';

/** A finding as data; what belongs to ranking only is left out. */
export interface FindingDocument
  extends Pick<
    Finding,
    'code' | 'title' | 'stage' | 'state' | 'container' | 'cause' | 'why' | 'evidence' | 'advice' | 'later' | 'blames'
  > {
  readonly checks: readonly CheckResult[];
  /** The code of the repair that may be approved, and what it is told besides the object. */
  readonly remediation?: ActionCode;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A finding that may be a consequence of one about another object. */
export interface RootedFindingDocument extends FindingDocument {
  readonly root?: { readonly subject: string; readonly finding: FindingDocument };
}

/** A diagnosis as data. The keys are permanent; `docs/schema/diagnosis.schema.json` describes them. */
export interface DiagnosisDocument {
  readonly apiVersion: 'kubewhy.dev/v1';
  readonly kind: 'Diagnosis';
  readonly summary: string;
  readonly verdict: Verdict;
  readonly subject: Subject;
  readonly clock: string;
  readonly status: string;
  readonly since?: string;
  readonly pod?: { readonly name: string; readonly alike: number; readonly total: number };
  readonly container?: ContainerSummary;
  readonly primary?: RootedFindingDocument;
  readonly alternatives: readonly RootedFindingDocument[];
  readonly others: readonly RootedFindingDocument[];
  readonly consequences: readonly RootedFindingDocument[];
  readonly modifiers: readonly RootedFindingDocument[];
  readonly seen: readonly string[];
  readonly past: readonly string[];
  readonly checked: readonly string[];
  readonly unread: readonly string[];
  readonly considered?: readonly Consideration[];
}

/** The diagnosis as data for `-o json` and `-o yaml`; `explain` adds every playbook that was considered. */
export function diagnosisDocument(
  diagnosis: Diagnosis,
  options: { readonly explain?: boolean } = {},
): DiagnosisDocument {
  const { subject, container, pod, primary, considered } = diagnosis;
  return {
    apiVersion: 'kubewhy.dev/v1',
    kind: 'Diagnosis',
    summary: summaryLine(diagnosis),
    verdict: diagnosis.verdict,
    subject: { kind: subject.kind, namespace: subject.namespace, name: subject.name, uid: subject.uid },
    clock: diagnosis.clock,
    status: diagnosis.status,
    ...defined({ since: diagnosis.since }),
    ...(pod === undefined ? {} : { pod: { name: pod.name, alike: pod.alike, total: pod.total } }),
    ...(container === undefined ? {} : { container: containerDocument(container) }),
    ...(primary === undefined ? {} : { primary: rootedDocument(primary) }),
    alternatives: diagnosis.alternatives.map(rootedDocument),
    others: diagnosis.others.map(rootedDocument),
    consequences: diagnosis.consequences.map(rootedDocument),
    modifiers: diagnosis.modifiers.map(rootedDocument),
    seen: diagnosis.seen,
    past: diagnosis.past,
    checked: diagnosis.checked,
    unread: diagnosis.unread,
    ...(options.explain === true ? { considered: considered.map(consideredDocument) } : {}),
  };
}

function containerDocument({ name, restarts, nextTry, secondsLeft }: ContainerSummary): ContainerSummary {
  return { name, restarts, ...defined({ nextTry, secondsLeft }) };
}

function rootedDocument(finding: Finding): RootedFindingDocument {
  const { root } = finding;
  const document = findingDocument(finding);
  return root === undefined
    ? document
    : { ...document, root: { subject: root.subject, finding: findingDocument(root.finding) } };
}

function findingDocument(finding: Omit<Finding, 'root'>): FindingDocument {
  return {
    code: finding.code,
    title: finding.title,
    stage: finding.stage,
    state: finding.state,
    ...defined({ container: finding.container }),
    cause: finding.cause,
    why: finding.why,
    evidence: finding.evidence,
    checks: finding.checks.map(checkDocument),
    advice: finding.advice,
    later: finding.later,
    ...(finding.remediation === undefined ? {} : remediationOf(finding.remediation)),
    ...defined({ blames: finding.blames }),
  };
}

function remediationOf({ action, parameters }: ProposedAction): Pick<FindingDocument, 'remediation' | 'parameters'> {
  return { remediation: action, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) };
}

function checkDocument({ id, ask, answer, supports, evidence }: CheckResult): CheckResult {
  return { id, ask, answer, ...defined({ supports, evidence }) };
}

function consideredDocument({ code, container, outcome, reason }: Consideration): Consideration {
  return { code, ...defined({ container }), outcome, reason };
}

/** Without the keys that have no value. */
function defined<T extends object>(values: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  // What is left holds no `undefined`, which the entries of an object cannot express.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
