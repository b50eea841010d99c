/**
 * A folder whose file system never answers, as one of a server that is gone: whoever looks into it hangs.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Mounts FUSE, and never answers what the kernel asks first. */
const MOUNT =
  'exec 3<>/dev/fuse; mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 dead "$0" && echo up; read -r line';

/** Why there can be none here; false: there can. */
export const noDeadFolder: string | false = canMount() ? false : 'no file system can be mounted here';

export async function deadFolder(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-dead-'));
  const server = spawn('sh', ['-c', MOUNT, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => {
    // With the end of who serves it, all who hang in it go on.
    spawnSync('umount', ['-l', folder]);
    server.kill('SIGKILL');
    rmdirSync(folder);
  });
  await new Promise((resolve) => server.stdout.once('data', resolve));
  return folder;
}

function canMount(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/dev/fuse')) return false;
  const folder = mkdtempSync(join(tmpdir(), 'orderly-dead-'));
  const { stdout } = spawnSync('sh', ['-c', MOUNT, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  spawnSync('umount', ['-l', folder]);
  rmdirSync(folder);
  return stdout.includes('up');
}
