import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import type { WriterHooks } from '../../../../src/output/writers/bounded-writer.ts';
import { openStandardWriters, openWriter } from '../../../../src/output/writers/open.ts';
import { createFifo } from '../support/fifo.ts';

function hooks(told: string[], name: string): WriterHooks {
  return {
    onDropped: (lines) => void told.push(`${name} dropped ${lines}`),
    onClosed: () => void told.push(`${name} closed`),
    onTrouble: (message) => void told.push(message),
  };
}

test('stdout and stderr that are one pipe share a writer, so that their lines stay whole and in order', () => {
  const told: string[] = [];
  const { readFd, writeFd } = createFifo();
  const { stdout, stderr } = openStandardWriters(
    { stdout: hooks(told, 'stdout'), stderr: hooks(told, 'stderr') },
    { stdout: writeFd, stderr: writeFd },
  );
  assert.equal(stdout, stderr);
  closeSync(readFd);
  stderr.writer.write(Buffer.from('nobody reads\n'));
  assert.deepEqual(told, ['stdout closed']);
  closeSync(writeFd);
});

test('two pipes have a writer each, and each tells its own owner', () => {
  const told: string[] = [];
  const [one, two] = [createFifo(), createFifo()];
  const { stdout, stderr } = openStandardWriters(
    { stdout: hooks(told, 'stdout'), stderr: hooks(told, 'stderr') },
    { stdout: one.writeFd, stderr: two.writeFd },
  );
  assert.notEqual(stdout, stderr);
  for (const fd of [two.readFd, one.readFd]) closeSync(fd);
  stderr.writer.write(Buffer.from('nobody reads\n'));
  stdout.writer.write(Buffer.from('nobody reads\n'));
  assert.deepEqual(told, ['stderr closed', 'stdout closed']);
  for (const fd of [one.writeFd, two.writeFd]) closeSync(fd);
});

test('a pipe whose reader has gone already is found out by the first line', () => {
  const told: string[] = [];
  const { readFd, writeFd } = createFifo();
  closeSync(readFd);
  const { writer } = openWriter(writeFd, hooks(told, 'stdout'));
  assert.equal(writer.write(Buffer.from('a\n')), false);
  assert.deepEqual([told, writer.closed], [['stdout closed'], true]);
});

test('a device that takes everything takes everything; one that is always full is told once', async () => {
  const told: string[] = [];
  const [nothing, full] = [openSync('/dev/null', 'w'), openSync('/dev/full', 'w')];
  const taking = openWriter(nothing, hooks(told, 'stdout'));
  assert.deepEqual([taking.isTty, taking.writer.write(Buffer.from('a\n'))], [false, true]);
  const refusing = openWriter(full, hooks(told, 'stderr'));
  refusing.writer.write(Buffer.from('a\n'));
  refusing.writer.write(Buffer.from('b\n'));
  await refusing.writer.flush(0);
  assert.match(told[0]!, /^ENOSPC: no space left on device/);
  assert.deepEqual(told.slice(1), ['stderr dropped 2']);
  for (const fd of [nothing, full]) closeSync(fd);
});

test('trouble with a standard output is told in a sentence that names it', () => {
  const told: string[] = [];
  const [nothing, full] = [openSync('/dev/null', 'w'), openSync('/dev/full', 'w')];
  const { stderr } = openStandardWriters(
    { stdout: hooks(told, 'stdout'), stderr: hooks(told, 'stderr') },
    { stdout: nothing, stderr: full },
  );
  stderr.writer.write(Buffer.from('a\n'));
  assert.deepEqual(told, [
    "Cannot write to stderr: ENOSPC: no space left on device, write; what doesn't go out is dropped",
  ]);
  for (const fd of [nothing, full]) closeSync(fd);
});
