// node .build/openapi.js BUILD FILE
// Writes the description of the API to FILE: of the routes that the compiler wrote to BUILD, and of schemas made from the types of
// what is said over the socket. (Its generator brings a compiler of its own: TypeScript 7 has no API yet.)
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const [build = 'build', file = 'dist/openapi.json'] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(resolve(build, path)).href);
const { openApiDocument } = await load('src/control/openapi/document.js');
const { ROUTES } = await load('src/control/server/routes.js');

const generator = createGenerator({
  path: 'src/control/protocol.ts',
  tsconfig: 'tsconfig.json',
  // So it makes one object of an intersection.
  additionalProperties: false,
  skipTypeCheck: true,
});
const { definitions = {} } = generator.createSchema('*');
const schemas = JSON.parse(
  JSON.stringify(neededOf(definitions)).replaceAll('"#/definitions/', '"#/components/schemas/'),
  // Clients must bear what later versions tell besides.
  (key, value) => (key === 'additionalProperties' && value === false ? undefined : value),
);

/** What answers are made of, without what only other types are made of. */
function neededOf(all) {
  const shapes = ROUTES.flatMap(({ answers }) => Object.values(answers));
  const names = new Set([
    'ErrorAnswer',
    ...shapes.flatMap(({ json = [], lines = [] }) => json.concat(lines)),
  ]);
  for (const name of names) {
    if (all[name] === undefined) throw new Error(`src/control/protocol.ts exports no type ${name}`);
    if (!/^[\w.-]+$/.test(name)) throw new Error(`a schema can't be called so: ${name}`);
    // A set passes on what is added while it is walked.
    for (const [, used] of JSON.stringify(all[name]).matchAll(/"#\/definitions\/([^"]+)"/g))
      names.add(decodeURIComponent(used));
  }
  return Object.fromEntries([...names].sort().map((name) => [name, all[name]]));
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync(file, `${JSON.stringify(openApiDocument({ routes: ROUTES, version, schemas }))}\n`);
