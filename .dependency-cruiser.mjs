/**
 * The layers of the project, as an import table. `scripts/check-layers.ts` runs it.
 *
 * A broken rule means one of two things: the import belongs behind a port (add an interface to `src/ports`, implement
 * it in `src/adapters`, pass it in from `src/app`), or the code sits in the wrong layer. Do not widen the table for
 * one file.
 */

/** The npm packages an adapter may import. An adapter that is not listed uses Node's own modules only. */
const ADAPTER_SDKS = {
  bullmq: ['bullmq'],
  kubernetes: ['@kubernetes/client-node', 'ws', 'yaml'],
  pino: ['pino'],
  'playbook-files': ['yaml'],
  prometheus: ['prom-client'],
  recording: ['yaml'],
  redis: ['ioredis'],
  'redis-probe': ['ioredis'],
  'settings-file': ['yaml'],
  slack: ['@slack/[^/]+'],
  'slack-probe': ['@slack/web-api'],
};

/** Each layer with everything that it may import besides itself; patterns are matched against the resolved path. */
const LAYERS = [
  { name: 'core', path: '^src/core/', may: [npm('zod', '@bufbuild/[^/]+', 're2js')] },
  { name: 'ports', path: '^src/ports/', may: ['^src/core/'] },
  { name: 'actions', path: '^src/actions/', may: ['^src/core/', '^src/ports/', npm('zod')] },
  { name: 'usecases', path: '^src/usecases/', may: ['^src/core/', '^src/ports/', '^src/actions/'] },
  { name: 'config', path: '^src/config/', may: ['^src/core/errors[./]', npm('zod')] },
  {
    name: 'app',
    path: '^src/app/',
    may: ['^src/(core|ports|actions|usecases|adapters|config)/'],
    builtins: true,
    anyPackage: true,
  },
  { name: 'cli', path: '^src/cli/', may: ['^src/(app|core|ports|usecases|config)/', '^src/sim/'], builtins: true },
  { name: 'sim', path: '^src/sim/', may: ['^src/core/'], builtins: true, anyPackage: true },
  { name: 'main', path: '^src/main\\.ts$', may: ['^src/(app|cli|config|core|ports|usecases)/'], builtins: true },
];

/** @param {string[]} names */
function npm(...names) {
  return `node_modules/(${names.join('|')})/`;
}

/** @param {(typeof LAYERS)[number]} layer */
function layerRule({ name, path, may, builtins, anyPackage }) {
  return {
    name: `layer-${name}`,
    severity: 'error',
    comment: `src/${name} imports something outside its row of the table in .dependency-cruiser.mjs.`,
    from: { path },
    to: {
      pathNot: [path, ...may, ...(anyPackage ? ['node_modules/'] : [])],
      ...(builtins ? { dependencyTypesNot: ['core'] } : {}),
    },
  };
}

function adapterRule() {
  return {
    name: 'layer-adapters',
    severity: 'error',
    comment: 'An adapter imports core, ports, itself, its own SDK and Node. Shared code belongs in core.',
    from: { path: '^src/adapters/([^/]+)/' },
    to: {
      pathNot: ['^src/(core|ports)/', '^src/adapters/$1/', 'node_modules/'],
      dependencyTypesNot: ['core'],
    },
  };
}

/** @param {[string, string[]]} entry */
function sdkRule([adapter, packages]) {
  return {
    name: `sdk-${adapter}`,
    severity: 'error',
    comment: `src/adapters/${adapter} imports a package that is not its SDK (ADAPTER_SDKS in .dependency-cruiser.mjs).`,
    from: { path: `^src/adapters/${adapter}/` },
    to: { path: 'node_modules/', pathNot: npm(...packages) },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...LAYERS.map(layerRule),
    adapterRule(),
    ...Object.entries(ADAPTER_SDKS).map(sdkRule),
    {
      name: 'sdk-unlisted',
      severity: 'error',
      comment: 'This adapter has no SDK. Add it to ADAPTER_SDKS in .dependency-cruiser.mjs first.',
      from: { path: '^src/adapters/', pathNot: `^src/adapters/(${Object.keys(ADAPTER_SDKS).join('|')})/` },
      to: { path: 'node_modules/' },
    },
    {
      name: 'ports-types-only',
      severity: 'error',
      comment: 'A port is an interface: import from core with `import type`.',
      from: { path: '^src/ports/' },
      to: { path: '^src/core/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cel-in-one-file',
      severity: 'error',
      comment: 'The expression engine is wrapped once, in src/core/expression/cel.ts.',
      from: { path: '^src/', pathNot: '^src/core/expression/cel\\.ts$' },
      to: { path: npm('@bufbuild/[^/]+') },
    },
    {
      name: 're2-in-expression',
      severity: 'error',
      comment: 'Patterns are compiled in src/core/expression; use what it exports.',
      from: { path: '^src/', pathNot: '^src/core/expression/' },
      to: { path: npm('re2js') },
    },
    {
      name: 'sim-only-for-try',
      severity: 'error',
      comment: 'The stand-ins are for `try` and the tests; production code must not reach them.',
      from: { path: '^src/', pathNot: '^src/(sim/|cli/try(/|\\.ts$))' },
      to: { path: '^src/sim/' },
    },
    {
      name: 'not-to-test-or-scripts',
      severity: 'error',
      comment: 'Nothing in src imports the tests or the tooling.',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      comment: 'src runs without the development dependencies: move the package to `dependencies`.',
      // The page is bundled for the browser when Kubewhy is built.
      from: { path: '^src/', pathNot: '^src/sim/slack/page/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment: 'The import points at nothing, or at a package that package.json does not list.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Move what both files need into a third one.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports this file and it imports nothing: delete it, or use it.',
      from: { orphan: true, pathNot: ['^src/main\\.ts$', '^src/app/build-playbooks\\.ts$'] },
      to: {},
    },
  ],
  options: {
    // The default parser of dependency-cruiser does not support TypeScript 7 and then reads no module at all.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
