import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Breakage, Machine } from './machines.ts';
import { ExtraNode } from './nodes.ts';

const SCENARIOS_FOLDER = join(import.meta.dirname, 'scenarios');
const NAME = /^[a-z][a-z0-9-]{0,50}$/;

const timeoutSeconds = z.number().positive().default(60);

const ObjectCondition = z
  .strictObject({
    /** KIND/NAME, in the scenario's namespace unless `namespace` names another one. */
    object: z.string().includes('/'),
    namespace: z.string().optional(),
    /** As in `kubectl get -o jsonpath`, with or without the braces. */
    jsonpath: z.string().min(1),
    equals: z.string().optional(),
    contains: z.string().optional(),
    matches: z.string().optional(),
    timeoutSeconds,
  })
  .refine((condition) => verdicts(condition) === 1, { message: 'needs exactly one of equals, contains, matches' });

const EventCondition = z.strictObject({
  event: z.strictObject({
    reason: z.string(),
    contains: z.string().default(''),
    /** Name of the object the event is about. */
    object: z.string().optional(),
    /** How often the event must have been seen. */
    count: z.number().int().positive().default(1),
  }),
  namespace: z.string().optional(),
  timeoutSeconds,
});

const Condition = z.union([ObjectCondition, EventCondition]);

const Step = z.union([
  z.strictObject({ kubectl: z.array(z.string()).min(1), mayFail: z.boolean().default(false) }),
  z.strictObject({ apply: z.string() }),
  z.strictObject({
    exec: z.strictObject({
      pod: z.string(),
      container: z.string().optional(),
      command: z.array(z.string()).min(1),
      mayFail: z.boolean().default(false),
    }),
  }),
  /** Breaks the scenario's machine. */
  z.strictObject({ breakMachine: Breakage }),
  z.strictObject({ sleepSeconds: z.number().positive() }),
  z.strictObject({ wait: Condition }),
]);

const Expectation = z.strictObject({
  code: z.string(),
  state: z.string().optional(),
  /** Each must occur in the first line of the answer. */
  firstLine: z.array(z.string()).min(1),
  exit: z.number().int(),
  /** Playbooks that must qualify the cause, such as the back-off arithmetic. */
  modifiers: z.array(z.string()).default([]),
});

const ScenarioFields = z.strictObject({
  description: z.string().min(1),
  /** What kubewhy is asked about, such as pod/$FIRST_POD or deploy/web. */
  subject: z.string().min(1),
  /** The only kind of cluster that can play the scenario, such as one with the look-alike images. */
  only: z.literal('local').optional(),
  /** It disturbs the whole cluster, so that no other scenario may be played beside it. */
  alone: z.literal(true).optional(),
  nodes: z.array(ExtraNode).default([]),
  /** A real node of its own, which the steps may break. */
  machine: Machine.optional(),
  steps: z.array(Step).default([]),
  settle: z.array(Condition).min(1),
  expect: Expectation,
  /** kubectl commands that free what would not go away with the namespace, such as objects with finalizers. */
  cleanup: z.array(z.array(z.string()).min(1)).default([]),
});

const ScenarioFile = ScenarioFields.refine(({ machine, only }) => machine === undefined || only === 'local', {
  message: 'a machine needs only: local',
}).refine(({ machine, steps }) => machine !== undefined || !steps.some((step) => 'breakMachine' in step), {
  message: 'breakMachine needs a machine',
});

export type Condition = z.infer<typeof Condition>;
export type Step = z.infer<typeof Step>;
export type Expectation = z.infer<typeof Expectation>;

export interface Scenario extends z.infer<typeof ScenarioFields> {
  readonly name: string;
  readonly folder: string;
  readonly manifest: string;
}

type Loaded = { readonly scenario: Scenario } | { readonly problems: readonly string[] };

/** Loads all scenarios, or those named; throws one error that lists the problems of all of them. */
export async function loadScenarios(
  names?: readonly string[],
  root: string = SCENARIOS_FOLDER,
): Promise<readonly Scenario[]> {
  const loaded = await Promise.all((names ?? (await scenarioNames(root))).map((name) => load(root, name)));
  const problems = loaded.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) {
    throw new Error(`Scenarios that cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
  return loaded.flatMap((one) => ('scenario' in one ? [one.scenario] : []));
}

async function scenarioNames(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

async function load(root: string, name: string): Promise<Loaded> {
  const folder = join(root, name);
  try {
    const manifest = await readFile(join(folder, 'manifest.yaml'), 'utf8');
    const file = ScenarioFile.safeParse(parse(await readFile(join(folder, 'scenario.yaml'), 'utf8')));
    const problems = NAME.test(name) ? [] : [`${name}: the folder's name cannot be part of a namespace's name`];
    if (file.success && problems.length === 0) {
      return { scenario: { name, folder, manifest, ...file.data } };
    }
    const issues = file.error?.issues ?? [];
    return { problems: [...problems, ...issues.map((issue) => describeIssue(name, issue))] };
  } catch (error) {
    return { problems: [`${name}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

function describeIssue(name: string, issue: z.core.$ZodIssue): string {
  return `${name}/scenario.yaml: ${issue.path.join('.')}: ${issue.message}`;
}

function verdicts(condition: { equals?: unknown; contains?: unknown; matches?: unknown }): number {
  return [condition.equals, condition.contains, condition.matches].filter((verdict) => verdict !== undefined).length;
}
