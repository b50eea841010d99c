/**
 * Everything that `orderly doctor` tells, in its order. It changes nothing and leaves nothing behind.
 */

import type { Surroundings } from '../surroundings/tell-surroundings.ts';
import { findNode, findProc, findSystem, findTerminal } from './find-basics.ts';
import { findCgroup } from './find-cgroup.ts';
import { findFifos, findRuntimeFolder } from './find-folders.ts';
import { findLimits } from './find-limits.ts';
import { findNative } from './find-native.ts';
import { findTools } from './find-tools.ts';
import { type Finding, ok } from './finding.ts';

/** Never rejects. */
export async function examineMachine(
  env: Readonly<Record<string, string | undefined>>,
  surroundings: Surroundings,
): Promise<readonly Finding[]> {
  return [
    findSystem(),
    findNode(),
    findProc(),
    ...(await findNative()),
    await findCgroup(),
    findRuntimeFolder(env),
    findFifos(env.PATH),
    ...findTools(env.PATH),
    ...findLimits(),
    ok('surroundings', surroundings.text),
    findTerminal(),
  ];
}
