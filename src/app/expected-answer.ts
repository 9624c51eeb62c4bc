import { z } from 'zod';
import type { Diagnosis } from '../core/diagnosis/diagnosis.ts';

/** What a case of a playbook expects, as `expected.yaml` says it; what is absent is not compared. */
export const expectedAnswerSchema = z.strictObject({
  code: z.string().describe('The playbook of the primary cause, or none.'),
  verdict: z.enum(['cause', 'unknown', 'healthy', 'starting', 'finished', 'stopping']).optional(),
  state: z.enum(['confirmed', 'likely', 'possible']).optional(),
  firstLine: z.array(z.string()).optional().describe('Texts that the cause contains.'),
  container: z.string().optional(),
  root: z.string().optional().describe('The playbook of the cause on another object.'),
  blames: z.string().optional().describe('The key of what is to blame for the trouble of others as well, or none.'),
  modifiers: z.array(z.string()).optional(),
  not: z.array(z.string()).optional().describe('Playbooks that must be neither the cause nor an alternative.'),
  subject: z.string().optional().describe('Default: the subject of the recording.'),
});

export type ExpectedAnswer = z.infer<typeof expectedAnswerSchema>;

/** One sentence per difference between the answer and what the case expects. */
export function differences(diagnosis: Diagnosis, expected: ExpectedAnswer): readonly string[] {
  const { primary } = diagnosis;
  const verdict = expected.verdict ?? (expected.code === 'none' ? undefined : 'cause');
  return [
    ...differs('the cause is', primary?.code ?? 'none', expected.code),
    ...differs('the verdict is', diagnosis.verdict, verdict),
    ...detailsOf(diagnosis, expected),
    ...wordsOf(diagnosis, expected),
    ...namesOf(diagnosis, expected),
  ];
}

function detailsOf({ primary }: Diagnosis, { state, container, root, blames }: ExpectedAnswer): readonly string[] {
  return [
    ...differs('the state is', primary?.state, state),
    ...differs('the container is', primary?.container, container),
    ...differs('the root is', primary?.root?.finding.code, root),
    ...differs('it blames', primary?.blames ?? 'none', blames),
  ];
}

function wordsOf({ primary }: Diagnosis, { firstLine = [] }: ExpectedAnswer): readonly string[] {
  const cause = primary?.cause ?? '';
  return firstLine.filter((text) => !cause.includes(text)).map((text) => `"${cause}" does not contain "${text}"`);
}

function namesOf(diagnosis: Diagnosis, { modifiers = [], not = [] }: ExpectedAnswer): readonly string[] {
  const named = [diagnosis.primary, ...diagnosis.alternatives].map((finding) => finding?.code);
  const modifying = diagnosis.modifiers.map((modifier) => modifier.code);
  return [
    ...modifiers.filter((code) => !modifying.includes(code)).map((code) => `${code} does not modify it`),
    ...not.filter((code) => named.includes(code)).map((code) => `${code} is named, but must not be`),
  ];
}

function differs(what: string, found: string | undefined, expected: string | undefined): readonly string[] {
  return expected === undefined || found === expected ? [] : [`${what} ${found ?? 'none'}, not ${expected}`];
}
