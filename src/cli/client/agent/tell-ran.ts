/**
 * What became of a command that an agent ran, and of what that needed. Pure.
 */
import type { ServiceAnswer } from '../../../control/protocol.ts';
import { plainText, printable } from '../../../events/printable.ts';
import type { Ran } from './run-to-its-end.ts';
import type { NextCall, Told } from './tool-result.ts';

/** A line that is longer is cut. */
const MOST_CHARACTERS = 500;
const MOST_CALLS = 3;

/** `needs`: undefined, all. `services`: as they are after it; undefined: nobody tells. */
export function tellRan(
  { status, why, output, isCut }: Ran,
  needs: readonly string[] | undefined,
  services: readonly ServiceAnswer[] | undefined,
): Told {
  const used = services?.filter(({ service }) => needs === undefined || needs.includes(service));
  const shown = output.map(readable);
  const ended = status === undefined ? 'it could not be started' : `it ended with status ${status}`;
  const isError = status !== 0 || why !== undefined;
  return {
    lines: [
      why === undefined ? ended : `${ended}: ${why}`,
      ...(isCut ? ['(what it wrote before is left out)'] : []),
      ...shown,
      ...(used === undefined || used.length === 0
        ? []
        : [`what it needed is now: ${used.map(stateOf).join(', ')}`]),
    ],
    data: {
      ...(status !== undefined && { status }),
      ...(why !== undefined && { why }),
      output: shown,
      is_cut: isCut,
      ...(used !== undefined && { services: used }),
    },
    next: isError
      ? callsFor(used ?? [], needs)
      : [{ tool: 'status', arguments: {}, why: 'shows what runs on' }],
    isError,
  };
}

function stateOf({ service, state, unhealthy }: ServiceAnswer): string {
  return `${service} ${state}${unhealthy === undefined ? '' : ' (unhealthy)'}`;
}

const WORRYING: readonly string[] = ['failed', 'backoff', 'skipped'];

/** The fault may be of what it needed, or be told in what that wrote. */
function callsFor(used: readonly ServiceAnswer[], needs: readonly string[] | undefined): readonly NextCall[] {
  const worrying = used.filter(({ state, unhealthy }) => unhealthy !== undefined || WORRYING.includes(state));
  if (worrying.length > 0)
    return worrying
      .slice(0, MOST_CALLS)
      .map(({ service }) => ({ tool: 'why', arguments: { service }, why: 'tells what is wrong' }));
  const services = used.map(({ service }) => service);
  if (needs === undefined || services.length === 0)
    return [{ tool: 'status', arguments: {}, why: 'shows what there is' }];
  return [{ tool: 'logs', arguments: { services }, why: 'shows what they wrote meanwhile' }];
}

function readable(line: string): string {
  const text = printable(plainText(line));
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
