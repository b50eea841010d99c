/** Which format a file is in: by its name, else by what it holds, else as it is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatOfName } from '../../../src/importers/formats.ts';
import { imported, refusal } from './lab.ts';

test('by its name', () => {
  for (const [name, format] of [
    ['compose.yaml', 'compose'],
    ['docker-compose.yml', 'compose'],
    ['/a/b/docker-compose.override.yml', 'compose'],
    ['process-compose.yaml', 'process-compose'],
    ['process-compose.dev.yml', 'process-compose'],
    ['Procfile', 'procfile'],
    ['Procfile.dev', 'procfile'],
    ['mprocs.yaml', 'mprocs'],
    ['package.json', 'package-json'],
    ['supervisord.conf', 'supervisord'],
    ['ecosystem.config.js', 'pm2'],
    ['ecosystem.json', 'pm2'],
    ['stack.yaml', undefined],
    ['supervisor.yaml', undefined],
  ] as const)
    assert.equal(formatOfName(name), format, name);
});

test('by what it holds, where the name says nothing', async () => {
  for (const [text, format] of [
    ['services: { a: { image: x } }', 'compose'],
    ['processes: { a: { command: x } }', 'process-compose'],
    ['procs: { a: x }', 'mprocs'],
    ['{"scripts":{"dev":"x"}}', 'package-json'],
    ['apps: [{ script: a.js }]', 'pm2'],
    ['[program:a]\ncommand=x\n', 'supervisord'],
    ['web: a "b: c\nworker: [x\n', 'procfile'],
  ] as const)
    assert.equal((await imported('stack', text)).format, format, text);
  assert.match((await refusal('stack', 'a sentence'))[0]!, /it is not known which format it has$/);
});

test('what is said goes over the name', async () => {
  assert.equal((await imported('compose.yaml', 'web: ./web', { format: 'procfile' })).format, 'procfile');
});
