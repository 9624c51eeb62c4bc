import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ALWAYS_PROTECTED } from '../../src/config/remediation-settings.ts';
import { grantedBy, type RoleRule, rightsOf } from './rbac-files.ts';

interface Policy {
  readonly spec: {
    readonly matchConstraints: { readonly resourceRules: readonly Omit<RoleRule, 'verbs'>[] };
    readonly matchConditions: readonly { readonly expression: string }[];
    readonly validations: readonly { readonly expression: string }[];
  };
}

const FILE = join(import.meta.dirname, '../../deploy/admission/executor.yaml');
const [POLICY, BINDING] = parseAllDocuments(readFileSync(FILE, 'utf8')).map((one) => one.toJS());
const { matchConstraints, matchConditions, validations } = (POLICY as Policy).spec;

/** They change nothing of what runs; the API server keeps no object of a review. */
const HARMLESS = ['create events', 'create subjectaccessreviews.authorization.k8s.io'];
const READING = /^(?:get|list|watch) /;

describe('deploy/admission/executor.yaml', () => {
  it('looks at everything that the roles let the executor change', () => {
    const looked = new Set(
      matchConstraints.resourceRules.flatMap((rule) =>
        rightsOf({ ...rule, verbs: ['create', 'delete', 'patch', 'update'] }),
      ),
    );

    const granted = [...grantedBy('executor.yaml'), ...grantedBy('executor-finalizers.yaml')];
    const changes = granted.filter((right) => !READING.test(right) && !HARMLESS.includes(right));
    expect(changes.filter((right) => !looked.has(right))).toEqual([]);
  });

  it('is about the executor alone, and denies', () => {
    const account = 'system:serviceaccount:kubewhy:kubewhy-executor';

    expect(matchConditions.map(({ expression }) => expression)).toEqual([`request.userInfo.username == '${account}'`]);
    expect(BINDING.spec).toEqual({ policyName: POLICY.metadata.name, validationActions: ['Deny'] });
  });

  it('protects the namespaces that the settings cannot open, and that of Kubewhy', () => {
    const list = [...ALWAYS_PROTECTED, 'kubewhy'].map((name) => `'${name}'`).toSorted((a, b) => a.localeCompare(b));

    const named = validations.flatMap(
      ({ expression }) => /request\.\?namespace\.orValue\(''\) in \[(.*)\]/.exec(expression)?.[1] ?? [],
    );
    expect(named.map((text) => text.split(', ').toSorted((a, b) => a.localeCompare(b)))).toEqual([list]);
  });
});
