/**
 * Whom this process may signal, and as whom it may start a process: capabilities(7). The same for its whole life.
 */
import { Capability, parseCapabilities } from '../proc/capabilities.ts';
import { readProcessFile } from '../proc/process-file.ts';

export interface SignalRights {
  readonly uid: number;
  /** Anybody (CAP_KILL); else only processes of the same user. */
  readonly maySignalAll: boolean;
  readonly maySetUser: boolean;
  readonly maySetGroup: boolean;
}

let own: SignalRights | undefined;

export function ownSignalRights(): SignalRights {
  own ??= readSignalRights();
  return own;
}

/** Without /proc: root may do everything, others nothing. */
function readSignalRights(): SignalRights {
  const uid = process.geteuid?.() ?? 0;
  const status = readProcessFile(process.pid, 'status') ?? '';
  const { has } = parseCapabilities(status, 'CapEff') ?? { has: () => uid === 0 };
  return {
    uid,
    maySignalAll: has(Capability.kill),
    maySetUser: has(Capability.setuid),
    maySetGroup: has(Capability.setgid),
  };
}

/**
 * Why a process of that user can't be signalled, and what to do: a clause fit after "it may not be signalled: ". Pure.
 */
export function whyNotSignalled(uid: number | undefined, own: Pick<SignalRights, 'uid'>): string {
  const whose = uid === undefined ? 'it is of another user' : `it is of user ${uid}`;
  return own.uid === 0
    ? `${whose}, and orderly is root without the capability CAP_KILL; give it that (docker run --cap-add KILL)`
    : `${whose}, and orderly runs as user ${own.uid}; start orderly as root or as that user`;
}
