import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInteractive } from '../../../src/process/surroundings/is-interactive.ts';

const both = [false, true];

for (const stdin of both) {
  for (const stdout of both) {
    for (const stderr of both) {
      const wanted = stdin || stdout || stderr;
      test(`stdin ${stdin}, stdout ${stdout}, stderr ${stderr}: Ctrl-C ${wanted ? 'is' : 'is not'} of a person`, () =>
        assert.equal(isInteractive({ stdin, stdout, stderr }), wanted));
    }
  }
}
