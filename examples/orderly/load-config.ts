// The services of a supervisor.yaml beside one of this program; what is wrong with the file is told with its place.
import { readFileSync } from 'node:fs';
import { defineService, loadConfig, supervise } from 'orderlyd';

/** Stands for a file here, beside those that there are. */
const yaml = `
services:
  greeter: { type: task, command: 'echo "good morning"', cwd: / }
`;
const readFile = (path: string): string =>
  path === '/shop/supervisor.yaml' ? yaml : readFileSync(path, 'utf8');
const loading = { files: ['/shop/supervisor.yaml'], cwd: '/', env: process.env, readFile };

const loaded = await loadConfig(loading);
if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
const after = defineService({
  name: 'after',
  type: 'task',
  dependsOn: ['greeter'],
  run: () => console.log('after: the greeter has ended'),
});
await supervise([after, ...loaded.config.services]);
// prints: greeter | good morning
// prints: after: the greeter has ended

const wrong = await loadConfig({ ...loading, readFile: () => 'services: { greeter: { comand: ls } }' });
if (!wrong.ok) console.log(wrong.diagnostics[0]?.message, wrong.diagnostics[0]?.place?.line);
// prints: Unknown key "comand" in service "greeter" 1
