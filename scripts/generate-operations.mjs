// Writes shared/unleash/operations/table.generated.ts from the OpenAPI of real servers:
// `node scripts/generate-operations.mjs`
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runnerImport } from 'vite';

/** The newest first: where versions give one operation several names, its name counts. */
const VERSIONS = ['8.2.0', '7.4.1', '6.10.1', '5.12.8', '4.19.5'];
const PREFIX = '/api/admin/';

const root = path.dirname(import.meta.dirname);
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' }))
    .module;
const { startUnleash } = await load('test/real-unleash/index.ts');
const { judge } = await load('shared/unleash/operations/judgements.ts');
const { namingOf, NAMING_UNKNOWN } = await load('shared/unleash/operations/naming-judgements.ts');

/** @type {Map<string, { tags: string, path: string, method: string, id: string }>} */
const operations = new Map();
for (const version of VERSIONS) {
  // Off by default before 5.2.0.
  const unleash = await startUnleash({ version, env: { ENABLE_OAS: 'true' } });
  const openapi = await (await fetch(`${unleash.url}/docs/openapi.json`)).json();
  await unleash.stop();
  for (const [template, methods] of Object.entries(openapi.paths)) {
    if (!template.startsWith(PREFIX)) continue;
    for (const [verb, { operationId, tags }] of Object.entries(methods)) {
      const method = verb.toUpperCase();
      // Without the parameters' names, which differ between versions.
      const key = `${method} ${template.replaceAll(/\{[^}]*\}/g, '{}')}`;
      if (operations.has(key)) continue;
      const rest = template.slice(PREFIX.length);
      operations.set(key, { tags: tags.join(', '), path: rest, method, id: operationId });
    }
  }
}

const order = (a, b) => (a < b ? -1 : Number(a > b));
const sorted = [...operations.values()].sort(
  (a, b) => order(a.tags, b.tags) || order(a.path, b.path) || order(a.method, b.method),
);
const lines = [];
const unjudged = [];
const unnamed = [];
let tags;
for (const operation of sorted) {
  if (operation.tags !== tags) lines.push(`# ${operation.tags}`);
  tags = operation.tags;
  const { method, id } = operation;
  const effect = judge(method, id);
  if (effect === null) unjudged.push(`${method} ${PREFIX}${operation.path} (${id})`);
  const naming = namingOf(id);
  if (naming === null) unnamed.push(`${method} ${PREFIX}${operation.path} (${id})`);
  lines.push(
    `${method} ${effect ?? 'mint'} ${operation.path} ${id} ${naming ?? NAMING_UNKNOWN}`.trimEnd(),
  );
}
await writeFile(
  path.join(root, 'shared/unleash/operations/table.generated.ts'),
  `// Written by scripts/generate-operations.mjs from the OpenAPI of Unleash
// ${VERSIONS.join(', ')},
// with the effects of judgements.ts and what naming-judgements.ts says that they name. A string,
// because reading one line by line costs less at start-up than evaluating as many object literals.
export const DESCRIBED = \`
${lines.join('\n')}
\`;
`,
);
process.stderr.write(`${sorted.length} operations\n`);
if (unjudged.length > 0) {
  process.stderr.write(`Nobody has judged, so mint for now:\n${unjudged.join('\n')}\n`);
  process.exitCode = 1;
}
if (unnamed.length > 0) {
  process.stderr.write(`Nobody has said what these name, so all for now:\n${unnamed.join('\n')}\n`);
  process.exitCode = 1;
}
