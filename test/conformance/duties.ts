/**
 * The duties of a PID 1, in the order of the table.
 */
import type { Check } from './check.ts';
import { stubborn, waitedFor } from './checks/ending.ts';
import { exitCodes, killed, missing, notExecutable } from './checks/exit-status.ts';
import { memory, start } from './checks/figures.ts';
import { killZero, ownGroup, terminalForeground } from './checks/groups.ts';
import { handedOn, hundred, leavesNobody } from './checks/orphans.ts';
import { asksToEnd, harmless, passedOn, stopSignals } from './checks/signals.ts';
import { bytes, terminal } from './checks/streams.ts';

const EVERY_CODE = Array.from({ length: 256 }, (_, code) => code);

export function duties(codes: readonly number[] = EVERY_CODE): readonly Check[] {
  return [
    exitCodes(codes),
    missing,
    notExecutable,
    killed,
    ...asksToEnd,
    ...stopSignals,
    passedOn,
    harmless,
    ownGroup,
    killZero,
    hundred,
    handedOn,
    leavesNobody,
    ...waitedFor,
    stubborn,
    bytes,
    terminal,
    terminalForeground,
    start,
    memory,
  ];
}
