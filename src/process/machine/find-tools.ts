/**
 * Programs that orderly uses where they are.
 */
import { missingForGuardian } from '../guard/guardian.ts';
import { findRightsTools } from '../rights/rights-tools.ts';
import { type Finding, lacking, ok } from './finding.ts';

export function findTools(searchPath: string | undefined): readonly Finding[] {
  const { shell, setpriv, prlimit, nice } = findRightsTools(searchPath);
  const tool = (name: string, path: string | undefined, means: string, remedy: string): Finding =>
    path === undefined ? lacking(name, 'not found', means, remedy) : ok(name, path);
  return [
    tool('/bin/sh', shell, 'commands must be lists, and nobody may get rights', 'install a shell'),
    guardian(searchPath),
    tool('setpriv', setpriv, '"user" only without supplementary groups', 'install util-linux'),
    tool('prlimit', prlimit, '"limits" only as far as ulimit knows them', 'install util-linux'),
    tool('nice', nice, '"nice" can not be given', 'install coreutils or busybox'),
  ];
}

function guardian(searchPath: string | undefined): Finding {
  const why = missingForGuardian(searchPath);
  return why === undefined
    ? ok('guardian', 'possible')
    : lacking('guardian', why, 'services survive a SIGKILL of orderly', 'install busybox');
}
