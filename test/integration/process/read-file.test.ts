import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readWholeFile } from '../../../src/process/files/read-whole-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-read-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a file is read as it is', () => {
  writeFileSync(join(folder, 'a'), Buffer.from([0, 0xff, 10]));
  assert.deepEqual(readWholeFile(join(folder, 'a')), Buffer.from([0, 0xff, 10]));
  assert.equal(readWholeFile('/dev/null').length, 0);
});

test('what never ends, or is larger than any configuration, is refused', () => {
  writeFileSync(join(folder, 'large'), '');
  truncateSync(join(folder, 'large'), 65 * 1024 * 1024);
  for (const path of ['/dev/zero', join(folder, 'large')]) {
    assert.throws(() => readWholeFile(path), { code: 'ERR_FS_FILE_TOO_LARGE' });
  }
});

test('what can’t be read is told as the system tells it', () => {
  assert.throws(() => readWholeFile(join(folder, 'missing')), { code: 'ENOENT' });
  assert.throws(() => readWholeFile(folder), { code: 'EISDIR' });
});

test('where only a regular file is wanted nothing else is read, or waited for', () => {
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  for (const path of ['/dev/zero', join(folder, 'fifo')])
    assert.throws(() => readWholeFile(path, 'regular'), { code: 'NOT_REGULAR' });
  assert.throws(() => readWholeFile(folder, 'regular'), { code: 'EISDIR' });
  assert.equal(readWholeFile(join(folder, 'a'), 'regular').length, 3);
});
