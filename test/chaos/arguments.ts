import { parseArgs } from 'node:util';
import { FAULTS, type FaultName, STEPS, type StepName } from './cell.ts';

/** What is to be played. */
export interface ChaosOptions {
  readonly faults: readonly FaultName[];
  readonly steps: readonly StepName[];
  /** How often each cell is played, with four changes each time; 0: only the changes in a row. */
  readonly rounds: number;
  /** Changes in a row while everything dies. */
  readonly many: number;
  readonly lanes: number;
  readonly cluster: boolean;
  /** Whether docs/reliability.md gets the table. */
  readonly write: boolean;
  /** Whether logs are kept. */
  readonly verbose: boolean;
}

const USAGE = `npm run chaos -- [--long] [--fault NAME] [--step NAME] [--rounds N] [--many N] [--lanes N] [--cluster] [--write] [--verbose]
faults: ${FAULTS.join(' ')}
steps: ${STEPS.join(' ')}`;

type Usual = Pick<ChaosOptions, 'steps' | 'rounds' | 'many' | 'lanes'>;

const SHORT: Usual = { steps: STEPS, rounds: 1, many: 80, lanes: 8 };
/** Fifty changes in each cell, four at a time, and a few more. */
const LONG: Usual = { steps: STEPS, rounds: 13, many: 2000, lanes: 8 };
/** Of a real cluster there is one for all. */
const ON_CLUSTER: Usual = { steps: ['mutate'], rounds: 1, many: 40, lanes: 2 };

/** Reads the command line; undefined, after a word about the usage, when it is wrong. */
export function readArguments(args: readonly string[]): ChaosOptions | undefined {
  const values = parse(args);
  const options = values && optionsOf(values);
  const numbers = options === undefined ? [] : [options.rounds + 1, options.lanes, options.many + 1];
  if (options === undefined || !numbers.every((number) => Number.isInteger(number) && number > 0)) {
    console.error(USAGE);
    return undefined;
  }
  return options;
}

type Values = NonNullable<ReturnType<typeof parse>>;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        long: { type: 'boolean', default: false },
        fault: { type: 'string', multiple: true },
        step: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        many: { type: 'string' },
        lanes: { type: 'string' },
        cluster: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(String(error));
    return undefined;
  }
}

function usualOf({ long, cluster }: Values): Usual {
  if (cluster) {
    return ON_CLUSTER;
  }
  return long ? LONG : SHORT;
}

function optionsOf(values: Values): ChaosOptions | undefined {
  const { cluster, write, verbose } = values;
  const usual = usualOf(values);
  const faults = chosen(FAULTS, values.fault);
  const steps = chosen(STEPS, values.step ?? usual.steps);
  if (faults === undefined || steps === undefined) {
    return undefined;
  }
  const isPart = values.fault !== undefined || values.step !== undefined;
  return {
    faults,
    steps,
    rounds: Number(values.rounds ?? usual.rounds),
    many: Number(values.many ?? (isPart ? 0 : usual.many)),
    lanes: Number(values.lanes ?? usual.lanes),
    cluster,
    write,
    verbose,
  };
}

/** Undefined when there is no such name. */
function chosen<T extends string>(all: readonly T[], names: readonly string[] = all): readonly T[] | undefined {
  const isKnown = names.every((name) => all.some((one) => one === name));
  return isKnown ? all.filter((one) => names.includes(one)) : undefined;
}
