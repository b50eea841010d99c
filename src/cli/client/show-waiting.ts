/**
 * Shows what a request still waits for, a line for each service, as long as it takes. What is over in a moment shows nothing.
 */
import type { ServicesAnswer } from '../../control/protocol.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import { isRest, type ServiceState } from '../../events/state-table.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import { askRun } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';

const TICK_MS = 100;
const QUICK_TICKS = 3;
const ASKED_EVERY_TICKS = 10;

/**
 * What `over` resolves with, or rejects.
 * `states`: where the services are that the request is about; none: the run is asked for those with these names.
 */
export async function showWaiting<Result>(
  world: ClientWorld,
  run: FoundRun,
  {
    states,
    names,
  }: { readonly states: ReadonlyMap<string, ServiceState | undefined>; readonly names: readonly string[] },
  over: Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  const done = over.then(end, end);
  const ticks = async (count: number): Promise<void> => {
    for (let tick = 0; tick < count && !isOver; tick += 1) await Promise.race([done, world.after(TICK_MS)]);
  };
  const show = async (): Promise<void> => {
    await ticks(QUICK_TICKS);
    if (isOver) return;
    const area = await world.openWaitingArea();
    try {
      let asked = states;
      for (let tick = QUICK_TICKS; !isOver; tick += 1) {
        if (states.size === 0 && (tick - QUICK_TICKS) % ASKED_EVERY_TICKS === 0)
          asked = (await Promise.race([done, statesOf(world, run, names)])) ?? asked;
        const underWay = states.size > 0 ? [...states].filter(([, state]) => isUnderWay(state)) : [...asked];
        if (!isOver) area.show(waitingLines(underWay, tick * TICK_MS));
        await ticks(1);
      }
    } finally {
      area.clear();
    }
  };
  await show();
  return over;
}

/** Of a run that gives no answer nothing is known: whoever waits for it is told. */
async function statesOf(
  world: ClientWorld,
  run: FoundRun,
  names: readonly string[],
): Promise<ReadonlyMap<string, ServiceState>> {
  const query = new URLSearchParams(names.map((name): [string, string] => ['name', name]));
  try {
    const { services } = await askRun<ServicesAnswer>(world, run, {
      ...{ method: 'GET', path: `/v1/services?${query}` },
    });
    return new Map(services.map(({ service, state }) => [service, state]));
  } catch {
    return new Map();
  }
}

function isUnderWay(state: ServiceState | undefined): boolean {
  return state === undefined || (state !== 'ready' && !isRest(state));
}

function waitingLines(
  states: readonly (readonly [string, ServiceState | undefined])[],
  waitedMs: number,
): readonly string[] {
  return states.map(
    ([service, state]) => `${printable(service)}: ${state ?? 'not touched yet'}, ${formatDuration(waitedMs)}`,
  );
}
