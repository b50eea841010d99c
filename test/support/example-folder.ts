/**
 * A folder for the data of an example, for one test.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Removed when the test ends. Others may look into it: a database of its own user has its data there. */
export function exampleFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-example-'));
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
