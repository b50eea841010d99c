/**
 * Where something can be written: locks, and the FIFOs through which services write.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { isPrivateFolder, runtimeFolders } from '../guard/runtime-folder.ts';
import { findTool } from '../rights/rights-tools.ts';
import { type Finding, lacking, ok } from './finding.ts';

/** The first in which a run could leave word; it is made by the first run. */
export function findRuntimeFolder(env: Readonly<Record<string, string | undefined>>): Finding {
  const uid = process.geteuid?.() ?? 0;
  const folders = runtimeFolders({ uid, tmpdir: tmpdir(), env });
  const folder = folders.find((each) =>
    existsSync(each) ? isPrivateFolder(each, uid) && mayWrite(each) : mayWrite(dirname(each)),
  );
  return folder === undefined
    ? lacking(
        'runtime folder',
        'none is writable',
        'a second run of the same project is not noticed',
        'set XDG_RUNTIME_DIR to a folder of your own',
      )
    : ok('runtime folder', folder);
}

const SOCKETS = 'services get sockets, and "echo x > /dev/stderr" fails in them';

export function findFifos(searchPath: string | undefined): Finding {
  const mkfifo = findTool('mkfifo', searchPath);
  if (mkfifo === undefined) return lacking('FIFOs', 'no mkfifo', SOCKETS, 'install coreutils or busybox');
  const folder = ['/dev/shm', tmpdir()].find(mayWrite);
  if (folder === undefined)
    return lacking('FIFOs', `/dev/shm and ${tmpdir()} are read-only`, SOCKETS, 'mount a tmpfs at /tmp');
  return ok('FIFOs', `${mkfifo}, in ${folder}`);
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us.
    return false;
  }
}
