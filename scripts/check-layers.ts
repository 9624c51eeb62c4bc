/** Checks the import rules of .dependency-cruiser.mjs, and that every source file was really read. */
import { globSync } from 'node:fs';
import type { ICruiseOptions, ICruiseResult, IViolation } from 'dependency-cruiser';
import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const options: ICruiseOptions = await extractDepcruiseOptions('./.dependency-cruiser.mjs');
const { output } = await cruise(['src'], options);
if (typeof output === 'string') {
  throw new TypeError('dependency-cruiser answered with text instead of a result object');
}
const problems = [...unreadFiles(output), ...output.summary.violations.map(describe)];
for (const problem of problems) {
  console.error(problem);
}
if (problems.length > 0) {
  process.exit(1);
}
console.log(`${output.summary.totalCruised} modules, ${output.summary.totalDependenciesCruised ?? 0} dependencies`);

/** A parser that does not understand TypeScript reads nothing and would report no violation. */
function unreadFiles(result: ICruiseResult): string[] {
  const files = globSync('src/**/*.{ts,tsx,mts,cts}');
  const read = new Set(result.modules.map((module) => module.source));
  const linked = result.modules.some((module) => module.dependencies.length > 0);
  const unread = files.filter((file) => !read.has(file)).map((file) => `${file}: was not read by dependency-cruiser`);
  if (files.length > 1 && !linked) {
    unread.push('dependency-cruiser found no import at all: its parser does not work');
  }
  return unread;
}

function describe(violation: IViolation): string {
  const { from, to, rule } = violation;
  const path = violation.cycle?.map((step) => step.name).join(' -> ') ?? to;
  const advice = options.ruleSet?.forbidden?.find(({ name }) => name === rule.name)?.comment ?? '';
  return `${rule.name}: ${from}${path === from ? '' : ` -> ${path}`}\n    ${advice}`;
}
