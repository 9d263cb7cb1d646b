// The borders of src/ (docs/design.md, "Folders"). `npm run borders` checks them on the sources, type-only
// imports included; test/project/borders.test.ts proves that each rule can fail.

/** The folders are the data flow: what each may import, itself aside. One table; the layer rules derive from it. */
const MAY_IMPORT = {
  core: [],
  geo: ['core'],
  evidence: ['core', 'geo'],
  // The inventory is checked against the country list, and the address data files become geo's values.
  config: ['core', 'geo', 'evidence'],
  net: ['core', 'geo'],
  scan: ['core', 'geo', 'evidence'],
  collection: ['core', 'geo', 'evidence', 'net', 'scan'],
  analysis: ['core', 'geo', 'evidence'],
  policy: ['core', 'geo', 'evidence', 'analysis'],
  verification: ['core'],
  attestation: ['core', 'evidence', 'policy', 'net', 'verification'],
  report: ['core', 'geo', 'evidence', 'policy', 'attestation'],
  // verification/ names the files of a report, and reads them through an interface that storage fulfils.
  storage: ['core', 'evidence', 'verification', 'attestation', 'net'],
};
MAY_IMPORT.audit = Object.keys(MAY_IMPORT);
MAY_IMPORT.worker = ['core', 'config', 'net', 'audit'];
MAY_IMPORT.portal = ['core', 'config', 'evidence', 'policy', 'attestation', 'storage'];
MAY_IMPORT.cli = Object.keys(MAY_IMPORT);

/** Folders whose functions compute and do nothing else. */
const PURE = [
  'core',
  'geo',
  'evidence',
  'analysis',
  'policy',
  'verification',
  'report',
  'attestation/(?!remote/)',
];

/** Where each npm package may be imported. One that is not listed may be imported nowhere in src/. */
const PACKAGE_PLACES = {
  ajv: 'config/',
  'ajv-formats': 'config/',
  yaml: 'config/',
  commander: 'cli/',
  hono: '(report|portal)/',
  pg: '(collection/database|storage)/',
  'pg-copy-streams': '(collection/database|storage)/',
  '@ip-location-db/[^/]+': 'config/',
  '@aws-sdk/[^/]+': '(collection/aws|attestation/remote|storage)/',
  '@smithy/[^/]+': '(collection/aws|attestation/remote|storage)/',
  bullmq: 'worker/',
  ioredis: 'worker/',
  '@viz-js/viz': '(config|cli)/',
};

/** What opens files or starts processes, and who may. */
const FILES = '^(node:)?(fs|fs/promises|child_process|cluster|worker_threads)$';
const FILE_FOLDERS = '(config|collection|storage|attestation/remote|worker|portal|cli)';
/** What dials. `isIP` and types of node:net are no reason: core has addresses, net/ has sockets. */
const DIALERS = '^(node:)?(net|tls|http|https|http2|dgram|dns|dns/promises|inspector)$';

const inNodeModules = (name) => `(^|/)node_modules/${name}(/|$)`;
const ANY_PACKAGE = '(^|/)node_modules/';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means that two modules are one module. Move what both need into a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-missing',
      severity: 'error',
      comment: 'An import that leads nowhere is not checked by any other rule.',
      from: {},
      to: { couldNotResolve: true },
    },
    ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
      name: `${folder}-layer`,
      severity: 'error',
      comment: `Imports point one way: src/${folder} may import ${allowed.join(', ') || 'nothing'}. What it needs from elsewhere is an argument.`,
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'known-folders',
      severity: 'error',
      comment: 'A folder without a row in MAY_IMPORT would be under no rule.',
      from: {},
      to: { path: '^src/', pathNot: `^src/(${Object.keys(MAY_IMPORT).join('|')})/` },
    },
    {
      name: 'pure-does-no-io',
      severity: 'error',
      comment:
        'Pure folders compute: the same evidence must give the same bytes. Only core/digest touches node:crypto.',
      from: {
        path: `^src/(${PURE.map((folder) => (folder.endsWith(')') ? folder : `${folder}/`)).join('|')})`,
        pathNot: '^src/core/digest\\.',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'digest-only-hashes',
      severity: 'error',
      comment: 'core/digest is the one pure file that needs Node, and only its hashes.',
      from: { path: '^src/core/digest\\.' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'scan-only-inflates-and-hashes',
      severity: 'error',
      comment: 'Kernels turn bytes into state; files, threads and WebAssembly bytes are arguments.',
      from: { path: '^src/scan/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(zlib|crypto)$' },
    },
    {
      name: 'files-only-in-shells',
      severity: 'error',
      comment:
        'Files and processes are touched where the outside world is met, so that the rest can be tested by value.',
      from: { path: '^src/', pathNot: `^src/${FILE_FOLDERS}/` },
      to: { path: FILES },
    },
    {
      name: 'net-dials',
      severity: 'error',
      comment: 'Every connection is checked and recorded in net/; the report signs that list.',
      from: { path: '^src/', pathNot: '^src/(net|worker|portal)/' },
      to: { path: DIALERS },
    },
    {
      name: 'verification-stands-alone',
      severity: 'error',
      comment: 'Published as domicile/verify and bundled for browsers: no package and nothing of Node.',
      from: { path: '^src/verification/' },
      to: { pathNot: '^src/(verification|core)/' },
    },
    ...Object.entries(PACKAGE_PLACES).map(([name, place]) => ({
      name: `${name.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '')}-confined`,
      severity: 'error',
      comment: `Only src/${place} knows ${name}, so that it can be replaced in one place.`,
      from: { path: '^src/', pathNot: `^src/${place}` },
      to: { path: inNodeModules(name) },
    })),
    {
      name: 'packages-are-listed',
      severity: 'error',
      comment: 'Few dependencies, each with a place: a new one gets a row in PACKAGE_PLACES.',
      from: { path: '^src/' },
      to: { path: ANY_PACKAGE, pathNot: inNodeModules(`(${Object.keys(PACKAGE_PLACES).join('|')})`) },
    },
    {
      name: 'through-the-front-door',
      severity: 'error',
      comment: "Another folder's index is its public face; its other files are private.",
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: '^src/($1/|[^/]+/index\\.[jt]s$)' },
    },
    {
      name: 'not-via-own-index',
      severity: 'error',
      comment: 'Importing your own index is how barrel cycles start: import the file that has it.',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/$1/index\\.[jt]s$' },
    },
    {
      name: 'src-stands-on-itself',
      severity: 'error',
      comment: 'The product knows nothing of its demo, tests, measurements and tools.',
      from: { path: '^src/' },
      to: { path: '^(test|sim|bench|scripts)/' },
    },
    {
      name: 'sim-serves-tests',
      severity: 'error',
      comment: 'The demo is used by tests and measurements, never the other way round.',
      from: { path: '^sim/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'no-dev-packages',
      severity: 'error',
      comment: 'A development package is not there once domicile is installed.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that imports nothing and that nobody imports is dead.',
      from: { orphan: true, path: '^src/', pathNot: '/(main|index)\\.[jt]s$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    preserveSymlinks: true,
  },
};
