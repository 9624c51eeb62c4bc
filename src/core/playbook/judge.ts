import type { CheckResult, Finding, FindingState, RootCause } from '../diagnosis/finding.ts';
import type { Scope } from '../expression/cel.ts';
import type { ProposedAction } from '../remediation/proposed-action.ts';
import { isSubjectKind } from '../subject/kinds.ts';
import type { Subject } from '../subject/subject.ts';
import { blamedKey } from './blamed-key.ts';
import type { CompiledCheck, CompiledRemediation } from './compiled.ts';
import { bindLets, type Candidate, isTrue, renderTexts, startingCertainty } from './evaluate.ts';

/** Answers every check and refuter of a triggered playbook and writes its finding. */
export function judgeCandidate(candidate: Candidate, root?: RootCause): Finding {
  bindLets(candidate);
  const { playbook, scope } = candidate;
  const checks = playbook.checks.map((check) => answer(check, candidate));
  const [cause] = renderTexts(playbook.cause, scope);
  const decided = decide(candidate, checks);
  // Facts that are missing for the first line are missing for the verdict as well.
  const state = cause === undefined && decided.state !== 'refuted' ? 'possible' : decided.state;
  const { because } = decided;
  return {
    code: playbook.name,
    title: playbook.title,
    stage: playbook.stage,
    role: playbook.role,
    state,
    ...(candidate.container === '' ? {} : { container: candidate.container }),
    cause: cause ?? playbook.title,
    why: renderTexts(playbook.why, scope),
    evidence: renderTexts(playbook.evidence, scope),
    checks: checks.filter((result, index) => isWorthShowing(result, index, candidate)),
    advice: renderTexts(playbook.advice, scope),
    later: renderTexts(playbook.later, scope),
    explains: playbook.explains,
    ...(state === 'confirmed' || state === 'likely' ? claims(candidate, root) : {}),
    ...(because === undefined ? {} : { because }),
    ...(root === undefined ? {} : { root }),
  };
}

/** Only what is at least likely may be acted upon, or blamed for the trouble of others. */
function claims(candidate: Candidate, root: RootCause | undefined): Pick<Finding, 'remediation' | 'blames'> {
  const remediation = offeredAction(candidate);
  const blames = blamed(candidate, root);
  return { ...(remediation === undefined ? {} : { remediation }), ...(blames === undefined ? {} : { blames }) };
}

/** A playbook that blames something blames what its root blames, which lies deeper than anything of its own. */
function blamed({ playbook, scope }: Candidate, root: RootCause | undefined): string | undefined {
  return playbook.blames.length === 0 ? undefined : (root?.finding.blames ?? blamedKey(playbook.blames, scope));
}

/** An optional question that makes no sense here has no answer; one whose facts could not be read still says so. */
function isWorthShowing({ supports }: CheckResult, index: number, { playbook, unread }: Candidate): boolean {
  return supports !== undefined || playbook.checks[index]?.required === true || unread.size > 0;
}

/** A parameter that cannot be told leaves nothing to offer. */
function offeredAction({ playbook, scope }: Candidate): ProposedAction | undefined {
  const { remediation } = playbook;
  const subject = remediation === undefined ? undefined : subjectOf(remediation, scope);
  if (remediation === undefined || subject === undefined) {
    return undefined;
  }
  if (remediation.when !== undefined && !isTrue(remediation.when, scope)) {
    return undefined;
  }
  const rendered = remediation.parameters.map(({ name, text }) => ({ name, text: text.render(scope) }));
  const told = rendered.flatMap(({ name, text }) => (text.ok ? [[name, text.text] as const] : []));
  return told.length < rendered.length
    ? undefined
    : { action: remediation.action, subject, parameters: Object.fromEntries(told) };
}

/** The object that the playbook was judged on. */
function subjectOf({ subject }: CompiledRemediation, scope: Scope): Subject | undefined {
  const told = (part: keyof Subject): string => {
    const rendered = subject[part].render(scope);
    return rendered.ok ? rendered.text : '';
  };
  const kind = told('kind');
  return isSubjectKind(kind) ? { kind, namespace: told('namespace'), name: told('name'), uid: told('uid') } : undefined;
}

function answer(check: CompiledCheck, candidate: Candidate): CheckResult {
  const base = { id: check.id, ask: check.ask };
  const outcome = check.when.evaluate(candidate.scope);
  if (!outcome.ok || typeof outcome.value !== 'boolean') {
    const reason = outcome.ok ? 'the answer is neither yes nor no' : outcome.reason;
    return { ...base, answer: 'cannot-tell', evidence: unreadBehind(check, candidate) ?? reason };
  }
  const rendered = check.evidence?.render(candidate.scope);
  return {
    ...base,
    answer: outcome.value ? 'yes' : 'no',
    supports: outcome.value === check.expect,
    ...(rendered?.ok === true ? { evidence: rendered.text } : {}),
  };
}

/** A name that is not bound mostly stands for something derived from what could not be read. */
function unreadBehind(check: CompiledCheck, { unread }: Candidate): string | undefined {
  const missing = check.when.variables.find((name) => unread.has(name));
  return missing === undefined ? [...unread.values()][0] : unread.get(missing);
}

interface Decision {
  readonly state: FindingState;
  readonly because?: string;
}

function decide(candidate: Candidate, checks: readonly CheckResult[]): Decision {
  const { playbook, scope } = candidate;
  const refuters = playbook.refute.map((refuter) => ({ refuter, outcome: refuter.when.evaluate(scope) }));
  const refuted = refuters.find(({ outcome }) => outcome.ok && outcome.value === true);
  if (refuted !== undefined) {
    const because = refuted.refuter.because.render(scope);
    return { state: 'refuted', because: because.ok ? because.text : refuted.refuter.because.source };
  }
  const required = checks.filter((_, index) => playbook.checks[index]?.required === true);
  const against = required.find((result) => result.supports === false);
  if (against !== undefined) {
    return { state: 'refuted', because: `${against.ask} ${against.answer}` };
  }
  const open = refuters.some(({ outcome }) => !outcome.ok) || required.some((result) => result.supports === undefined);
  const certainty = startingCertainty(candidate);
  return { state: open && certainty === 'confirmed' ? 'likely' : certainty };
}
