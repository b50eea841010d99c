/**
 * The outside world of conditions, without an operating system: everything happens on the ambient clock.
 */
import { createFakeCommands, type FakeCommands } from './fake-commands.ts';
import { createFakeFiles, type FakeFiles } from './fake-files.ts';
import { createFakeNetwork, type FakeNetwork } from './fake-network.ts';

export interface FakePorts {
  readonly network: FakeNetwork;
  readonly commands: FakeCommands;
  readonly files: FakeFiles;
}

export function createFakePorts(): FakePorts {
  return { network: createFakeNetwork(), commands: createFakeCommands(), files: createFakeFiles() };
}
