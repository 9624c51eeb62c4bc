import { redactAssignments } from './assignments.ts';
import { CLOUD_RULES } from './cloud-rules.ts';
import { CREDENTIAL_RULES } from './credential-rules.ts';
import { redactPem } from './pem.ts';
import { NAME_KEYWORDS } from './secret-name.ts';
import { SERVICE_RULES } from './service-rules.ts';
import type { TextRule } from './text-rule.ts';

/** Every rule for a kind of secret that has a shape of its own; assignments and PEM blocks come on top. */
export const TEXT_RULES: readonly TextRule[] = [...CREDENTIAL_RULES, ...CLOUD_RULES, ...SERVICE_RULES];

/** No token is shorter; a shorter text can hold a secret only in an assignment or address. */
const SHORTEST_TOKEN = 16;
const SHORTEST_ASSIGNMENT = 5;

/** Replacing one secret can uncover the shape of another; texts settle after one or two rounds. */
const MAX_ROUNDS = 8;

/** Replaces the secret parts of a text (event or condition message, log lines) with `[redacted]`; the rest stays as it is. */
export function redactText(text: string): string {
  if (text.length < SHORTEST_ASSIGNMENT || (text.length < SHORTEST_TOKEN && !/[\s=:>@$}]/.test(text))) {
    return text;
  }
  let current = text;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = redactOnce(current);
    if (next === current) {
      return next;
    }
    current = next;
  }
  return current;
}

function redactOnce(text: string): string {
  const lower = text.toLowerCase();
  let result = redactPem(text);
  if (containsAny(lower, NAME_KEYWORDS)) {
    result = redactAssignments(result);
  }
  for (const rule of TEXT_RULES) {
    if (containsAny(lower, rule.keywords)) {
      result = result.replace(rule.pattern, rule.replacement);
    }
  }
  return result;
}

function containsAny(lower: string, keywords: readonly string[]): boolean {
  for (const keyword of keywords) {
    if (lower.includes(keyword)) {
      return true;
    }
  }
  return false;
}
