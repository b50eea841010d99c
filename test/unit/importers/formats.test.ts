/** Which format a file is in: by its name, else by what it holds, else as it is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocument } from '../../../src/config/yaml/read-document.ts';
import { foreignFormat, formatOfName } from '../../../src/importers/formats.ts';
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

test('evidently of another tool, or perhaps a configuration of ours that is wrong', async () => {
  const IMAGES = 'services: { a: { image: x }, b: { build: . } }';
  const MIXED = 'services: { a: { image: x }, b: { command: x } }';
  const OURS = 'services: { a: { comand: x } }';
  for (const [file, text, format] of [
    ['docker-compose.yml', IMAGES, 'compose'],
    ['docker-compose.yml', MIXED, 'compose'],
    ['docker-compose.yml', OURS, undefined],
    ['docker-compose.yml', 'services:\n  a: { image: x\n', 'compose'],
    ['docker-compose.yml', 'services:\n  a: { command: x\n', undefined],
    ['compose.yaml', 'include: [a.yaml]', undefined],
    ['stack.yaml', IMAGES, 'compose'],
    ['stack.yaml', MIXED, undefined],
    ['stack.yaml', 'services: {}', undefined],
    ['process-compose.yaml', 'processes: { a: { command: x } }', 'process-compose'],
    ['process-compose.yaml', OURS, undefined],
    ['stack.yaml', 'processes: { a: { command: x } }', 'process-compose'],
    ['mprocs.yaml', 'procs: { a: x }', 'mprocs'],
    ['Procfile', 'web: ./web', 'procfile'],
    ['Procfile.dev', 'web: a "b: c', 'procfile'],
    ['dev.yaml', 'name: x', undefined],
    ['package.json', '{"name":"x","scripts":{"dev":"x"}}', 'package-json'],
    ['supervisord.conf', '[program:a]\ncommand=x', 'supervisord'],
    ['all.ini', '[program:a]\ncommand=x', 'supervisord'],
    ['ecosystem.config.js', 'module.exports = { apps: [] }', 'pm2'],
    ['dev.yaml', 'servcies: { a: { command: x } }', undefined],
    ['dev.yaml', '', undefined],
  ] as const) {
    const { value } = await readDocument({ file, text });
    assert.equal(foreignFormat(file, text, value), format, `${file}: ${text}`);
  }
});
