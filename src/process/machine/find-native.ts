/**
 * What takes system calls that Node lacks: koffi, and what orderly does with it.
 */
import { loadNative, type Native } from '../native.ts';
import { datagramTrouble } from '../notify/notify-datagrams.ts';
import { type Finding, lacking, ok } from './finding.ts';

const REMEDY = 'npm install koffi';

export async function findNative(isInit = process.pid === 1): Promise<readonly Finding[]> {
  const native = await loadNative();
  const why = native.kind === 'here' ? undefined : native.why;
  const version = native.kind === 'here' ? String(native.koffi.version) : '';
  const needs = (name: string, there: string, without: string): Finding =>
    why === undefined ? ok(name, there) : lacking(name, 'needs koffi', without, REMEDY);
  return [
    why === undefined
      ? ok('koffi', version)
      : lacking('koffi', why, 'what needs it works less well, below', REMEDY),
    isInit
      ? needs('reaping', 'PID 1: reaps what it adopts', 'orphans stay as zombies; use docker run --init')
      : ok('reaping', 'not PID 1: an init is above'),
    needs('subreaper', 'orphans of services come to us', 'daemons that cleared their environment are lost'),
    needs(
      'job control',
      'orderly run gives its command the terminal',
      'on a terminal it shares our process group',
    ),
    notifySystemd(native),
  ];
}

function notifySystemd(native: Native): Finding {
  const name = 'notify: systemd';
  const trouble = datagramTrouble(native);
  if (trouble === undefined) return ok(name, 'READY=1 on NOTIFY_SOCKET');
  return lacking(name, trouble.reason, 'a service can say ready by fd or node only', trouble.remedy);
}
