import { listWords } from '../facts/text.ts';
import type { Check } from './check.ts';

/** What was found out about approved changes, apart from the clusters. */
export interface ChangeFacts {
  readonly rules: number;
  /** Whether KUBEWHY_SIGNING_KEY is set. */
  readonly signingKey: boolean;
  /** What works, but not as somebody may expect: `remediation.operators: nobody can …`. */
  readonly warnings: readonly string[];
  /** What the environment says against every change. */
  readonly stop: string | undefined;
  /** The file that must say `run`, and what it says; `text` is undefined when it cannot be read. */
  readonly stopFile?: { readonly path: string; readonly text: string | undefined };
}

const BASE = { area: 'changes' } as const;
const MOST_NAMES = 8;

/** Judges what approved changes need; nothing where no rule allows any. */
export function changeChecks(facts: ChangeFacts): readonly Check[] {
  if (facts.rules === 0) {
    return [];
  }
  const { rules, warnings } = facts;
  const says = `${rules === 1 ? 'One rule says' : `${rules} rules say`} who may approve changes.`;
  return [
    { ...BASE, id: 'changes.rules', status: 'ok', says },
    keyCheck(facts.signingKey),
    ...warnings.map(
      (warning): Check => ({
        ...BASE,
        id: 'changes.settings',
        status: 'warning',
        says: `${warning}.`,
        fix: 'Correct it under `remediation` in kubewhy.yaml, if that is not what you want.',
      }),
    ),
    ...stopChecks(facts),
  ];
}

function keyCheck(set: boolean): Check {
  return set
    ? { ...BASE, id: 'changes.signing-key', status: 'ok', says: 'There is a key to sign plans and approvals with.' }
    : {
        ...BASE,
        id: 'changes.signing-key',
        status: 'failure',
        says: 'Plans and approvals cannot be signed, so the bot does not start: KUBEWHY_SIGNING_KEY is not set.',
        fix: 'Set it to the same random text for every gateway and executor: openssl rand -hex 32.',
      };
}

/** Says which people of user groups may approve, but are nobody to the clusters. */
export function identityChecks(unmapped: readonly string[]): readonly Check[] {
  return unmapped.length === 0 ? [] : [unmappedCheck(unmapped)];
}

function unmappedCheck(people: readonly string[]): Check {
  return {
    ...BASE,
    id: 'changes.identities',
    status: 'warning',
    says: `${listWords(people, MOST_NAMES)} may approve as members of a user group, but the settings do not say who they are to the clusters, so their approvals are refused.`,
    fix: 'Add them under `remediation.identities`.',
  };
}

function stopChecks({ stop, stopFile }: ChangeFacts): readonly Check[] {
  const base = { ...BASE, id: 'changes.stop' };
  if (stop !== undefined) {
    return [{ ...base, status: 'warning', says: `Nothing is changed: the environment says stop (${stop}).` }];
  }
  if (stopFile === undefined) {
    return [];
  }
  const { path, text } = stopFile;
  if (text === undefined) {
    return [
      {
        ...base,
        status: 'failure',
        says: `The stop file ${path} cannot be read, so nothing is changed.`,
        fix: 'Mount it where executors run, and let it say run.',
      },
    ];
  }
  return text.trim() === 'run'
    ? [{ ...base, status: 'ok', says: `The stop file ${path} lets changes be made.` }]
    : [
        {
          ...base,
          status: 'warning',
          says: `The stop file ${path} does not say run, so nothing is changed.`,
          fix: 'Write run into it when changes may be made again.',
        },
      ];
}
