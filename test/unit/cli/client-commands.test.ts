/** The list of commands that load nothing of what runs services is the same where they are declared and where the program begins. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { CLIENT_COMMANDS, declareClientCommands } from '../../../src/cli/client/commands.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

test('what begins as a client is what is declared as one', () => {
  const program = new Command();
  declareClientCommands(program, () => async () => {});
  assert.deepEqual(program.commands.map((command) => command.name()).sort(), [...CLIENT_COMMANDS].sort());
  const start = readFileSync(join(repositoryRoot(), 'bin/orderly.js'), 'utf8');
  const [, names = ''] = /new Set\(\s*'([a-z ]+)'\.split/.exec(start) ?? [];
  assert.deepEqual(names.split(' ').sort(), [...CLIENT_COMMANDS].sort());
});
