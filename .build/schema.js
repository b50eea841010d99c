// node .build/schema.js BUILD FILE
// Writes the JSON Schema of supervisor.yaml to FILE, for editors: that of the configuration that the compiler wrote to BUILD.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [build = 'build', file = 'dist/supervisor.schema.json'] = process.argv.slice(2);
const { configJsonSchema } = await import(pathToFileURL(resolve(build, 'src/config/schema/config.js')).href);
writeFileSync(file, `${JSON.stringify(configJsonSchema())}\n`);
