/**
 * What everything else stands on: the system, Node, `/proc`, the terminal.
 */
import { existsSync } from 'node:fs';
import { isatty } from 'node:tty';
import { type Finding, lacking, missing, ok } from './finding.ts';

const OLDEST_NODE = [20, 19] as const;

export function findSystem(platform: string = process.platform): Finding {
  return platform === 'linux'
    ? ok('system', `Linux, ${process.arch}`)
    : missing('system', platform, 'what leaves its process group is not found', 'run it on Linux');
}

export function findNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOld
    ? missing('node', version, `it is older than ${OLDEST_NODE.join('.')}`, 'install a newer one')
    : ok('node', version);
}

export function findProc(): Finding {
  return existsSync('/proc/self/stat')
    ? ok('/proc', 'mounted')
    : lacking(
        '/proc',
        'not mounted',
        'daemons that left their group are not found, and whose port it is is not known',
        'mount it',
      );
}

export function findTerminal(): Finding {
  if (isatty(2)) {
    const { columns, rows } = process.stderr;
    return ok('terminal', columns && rows ? `${columns} by ${rows}` : 'of unknown size');
  }
  return ok('terminal', 'none: plain lines, no board');
}
