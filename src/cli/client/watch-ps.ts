/**
 * `orderly ps --watch`: the table again whenever something has changed, until the run has ended or somebody has seen enough.
 *
 * On a terminal it is painted in one place, with what is used, for which the run has to look only once a second. Elsewhere each change is a new table, or
 * with `--json` a line. It hears of changes by the events, and never asks a second question before the first one is answered.
 */
import type { ServiceAnswer, ServicesAnswer, UsageAnswer } from '../../control/protocol.ts';
import { isRest } from '../../events/state-table.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { Ending } from '../world.ts';
import { AskError, noAnswer } from './ask-run.ts';
import type { ClientScreen, ClientWorld } from './client-world.ts';
import { untilInterrupted } from './look.ts';
import { askServices, findShown, type PsOptions, shownColumns } from './ps.ts';
import { serviceTable } from './service-table.ts';

const LOOK_EVERY_MS = 1_000;
/** More that happens within it is one picture. */
const GATHER_MS = 50;
/** What is still on its way of a run that ends has come by then. */
const LAST_WORDS_MS = 1_000;

export async function watchPs(
  world: ClientWorld,
  names: readonly string[],
  options: PsOptions,
): Promise<Ending> {
  const run = findShown(world, options);
  if (run === undefined) return { status: 0 };
  const interrupted = untilInterrupted(world);
  const ask = (usage: boolean) => askServices(world, run, names, { ...options, usage });
  // What can't be chosen is told where everything is told.
  const first = await ask(options.usage === true || options.json !== true);
  const screen = options.json === true ? undefined : await world.openScreen();
  const view = screen === undefined ? printed(world, options) : painted(screen, options);
  const changes = listen(world, run, first.seq);
  screen?.onStale(changes.wake);
  const watched = async (): Promise<Ending> => {
    let last = first;
    let tick: Promise<boolean> | undefined;
    for (;;) {
      view.show(last);
      if (screen !== undefined)
        tick ??= world.after(LOOK_EVERY_MS).then(() => {
          tick = undefined;
          return true;
        });
      const changed = changes.next().then(() => false);
      const isTime = await Promise.race([changed, ...(tick === undefined ? [] : [tick])]);
      if (screen !== undefined && !isTime) await Promise.race([world.after(GATHER_MS), changes.over]);
      if (changes.isOver) break;
      const answer = await ask(screen === undefined ? options.usage === true : isTime).catch(
        async (error: unknown): Promise<undefined> => {
          await Promise.race([changes.over, world.after(LAST_WORDS_MS)]);
          if (!(error instanceof AskError) || !changes.isOver) throw error;
        },
      );
      if (answer === undefined) break;
      last = answer;
    }
    await changes.over;
    screen?.leave();
    if (screen !== undefined) world.print(view.text(last));
    world.complain('orderly: the run has ended');
    return { status: 0 };
  };
  try {
    return await Promise.race([watched(), interrupted]);
  } finally {
    screen?.leave();
  }
}

interface View {
  show(answer: ServicesAnswer): void;
  /** The whole table. */
  text(answer: ServicesAnswer): string;
}

/** Each that is different from the one before; what only time changes is no difference. */
function printed(world: ClientWorld, options: PsOptions): View {
  let before: string | undefined;
  const text = ({ services, now_ms: nowMs }: ServicesAnswer): string =>
    options.json === true
      ? `${JSON.stringify(services)}\n`
      : serviceTable(services, nowMs, shownColumns(options));
  return {
    text,
    show(answer) {
      const state = JSON.stringify(answer.services.map(({ usage: _, ...rest }) => rest));
      if (state === before) return;
      const isFirst = before === undefined || options.json === true;
      before = state;
      world.print(`${isFirst ? '' : '\n'}${text(answer)}`);
    },
  };
}

function painted(screen: ClientScreen, options: PsOptions): View {
  const rates = createRates();
  const text = ({ services, now_ms: nowMs }: ServicesAnswer): string =>
    serviceTable(services, nowMs, { ...shownColumns(options), usage: true });
  return {
    text,
    show(answer) {
      const lines = text({ ...answer, services: rates(answer) })
        .trimEnd()
        .split('\n');
      screen.show(fitted(lines, screen.size()));
    },
  };
}

/** What has room: of too many lines the last one says how many are missing. Pure. */
export function fitted(
  lines: readonly string[],
  { columns, rows }: ReturnType<ClientScreen['size']>,
): readonly string[] {
  const room = lines.length <= rows ? lines : lines.slice(0, Math.max(0, rows - 1));
  const missing = lines.length - room.length;
  const all = missing === 0 ? room : [...room, `… and ${missing} more`];
  return all.map((line) => [...line].slice(0, columns).join(''));
}

/** Two looks that are closer together tell little: processor time is counted in hundredths of a second. */
const SHORTEST_MS = 900;

interface Look {
  readonly attempt: number;
  readonly atMs: number;
  readonly seconds: number;
  /** As it is shown. */
  readonly usage: UsageAnswer;
}

/**
 * Services with the processor time between two looks, in place of that since the start; at first there is only one. What runs and was not
 * looked at has what it had. Pure but for remembering.
 */
export function createRates(): (answer: ServicesAnswer) => readonly ServiceAnswer[] {
  const looks = new Map<string, Look>();
  return ({ services, now_ms: atMs }) =>
    services.map((one) => {
      const { service, attempt, usage, state } = one;
      const known = looks.get(service);
      const before = known?.attempt === attempt ? known : undefined;
      if (usage === undefined)
        return before === undefined || isRest(state) ? one : { ...one, usage: before.usage };
      const seconds = usage.cpu_seconds;
      const spanMs = before === undefined ? 0 : atMs - before.atMs;
      const isLong = spanMs >= SHORTEST_MS;
      const percent =
        before !== undefined && isLong
          ? (100_000 * (seconds - before.seconds)) / spanMs
          : (before?.usage.cpu_percent ?? usage.cpu_percent);
      const shown = { ...usage, cpu_percent: percent };
      const from =
        before === undefined || isLong ? { atMs, seconds } : { atMs: before.atMs, seconds: before.seconds };
      looks.set(service, { attempt, ...from, usage: shown });
      return { ...one, usage: shown };
    });
}

interface Changes {
  /** Resolves when something may be different from the last time that it was asked for, or all is over. Rejects if it broke off. */
  next(): Promise<void>;
  /** Something is to be shown anew. */
  readonly wake: () => void;
  /** Settles at the end of the events; rejects if they broke off. */
  readonly over: Promise<void>;
  readonly isOver: boolean;
}

/** Hears the events from that number on. */
function listen(world: ClientWorld, run: FoundRun, seq: number): Changes {
  let isNews = false;
  let isOver = false;
  let wakeUp = (): void => {};
  const wake = (): void => {
    isNews = true;
    wakeUp();
  };
  const heard = async (): Promise<void> => {
    for await (const _ of world.follow(run, { method: 'GET', path: `/v1/events?since=${seq}&follow` }))
      wake();
    isOver = true;
  };
  const over = heard().catch((error: unknown): never => {
    throw noAnswer(run, error);
  });
  // Whoever waits is told.
  over.catch(() => undefined);
  return {
    async next() {
      const news = isNews
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            wakeUp = resolve;
          });
      await Promise.race([news, over]);
      isNews = false;
    },
    wake,
    over,
    get isOver() {
      return isOver;
    },
  };
}
