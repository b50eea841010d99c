/**
 * A real launcher for one test. Whatever the test launched is dead and closed when it ends.
 */
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { RunCgroup } from '../../src/process/cgroup/run-cgroup.ts';
import { createLauncher } from '../../src/process/instance/launcher.ts';
import { createFifoPool } from '../../src/process/pipes/fifo-pool.ts';
import type {
  Instance,
  LaunchRequest,
  LaunchResult,
  Notification,
  ReadyCommand,
  ServiceWindow,
} from '../../src/process/ports.ts';
import { createRunMarks } from '../../src/process/tree/members/run-marks.ts';
import { parseProcessStat } from '../../src/process/tree/proc/process-stat.ts';
import { createStage, type Puppet } from './scripted.ts';

type Options = Partial<LaunchRequest>;

/** An instance with what came of it up to now. */
export interface Observed {
  readonly instance: Instance;
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** What has come to its end, in order. */
  readonly ends: readonly string[];
  readonly notifications: readonly Notification[];
  /** Resolves with the first match in what it writes, whole lines of either stream. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  notified(kind: Notification['kind']): Promise<Notification>;
}

export interface ProcessLab {
  launch(command: ReadyCommand | readonly string[], options?: Options): Promise<Observed>;
  /** For launches that fail. */
  tryLaunch(command: ReadyCommand | readonly string[], options?: Options): Promise<LaunchResult>;
  /** Stops reading what anything launched writes, or goes on. */
  holdOutput(held: boolean): void;
  /** A scripted child. */
  puppet(options?: Options): Promise<Observed & { readonly puppet: Puppet }>;
}

export interface LabOptions {
  readonly fifos?: boolean;
  readonly cgroup?: RunCgroup;
  /** How large terminals of services are. */
  readonly window?: ServiceWindow;
}

export async function createProcessLab(
  t: TestContext,
  { fifos: withFifos = true, cgroup, window }: LabOptions = {},
): Promise<ProcessLab> {
  const fifos = createFifoPool();
  if (!withFifos) fifos.dispose();
  const launcher = createLauncher({
    marks: createRunMarks(`test-${process.pid}-${performance.now()}`),
    fifos,
    cgroup,
    window: () => window,
  });
  const stage = await createStage();
  const launched: Instance[] = [];
  t.after(async () => {
    for (const instance of launched) {
      instance.kill();
      await instance.exited;
      await instance.treeGone();
      instance.dispose();
    }
    launcher.dispose();
    fifos.dispose();
    stage.close();
  });
  let count = 0;

  const tryLaunch = async (
    command: ReadyCommand | readonly string[],
    options: Options,
    observer: Observer,
  ) => {
    count += 1;
    const result = await launcher.launch({
      service: 'db',
      attempt: count,
      command: 'kind' in command ? command : { kind: 'exec', argv: command },
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/bin:/usr/bin' },
      channel: 'none',
      terminal: false,
      mayStart: () => true,
      ...options,
      ...observer,
    });
    if (result.kind !== 'launched') return result;
    const failure = await result.executed;
    if (failure !== undefined) return { kind: 'spawn-failed', failure } as const;
    launched.push(result.instance);
    return result;
  };

  const launch: ProcessLab['launch'] = async (command, options = {}) => {
    const { observer, observe } = createObserver();
    const result = await tryLaunch(command, options, observer);
    if (result.kind !== 'launched') throw new Error(JSON.stringify(result));
    return observe(result.instance);
  };

  return {
    launch,
    holdOutput: (held) => launcher.holdOutput(held),
    tryLaunch: (command, options = {}) => tryLaunch(command, options, createObserver().observer),
    async puppet(options) {
      const observed = await launch(stage.argv, options);
      return Object.assign(observed, { puppet: await stage.arrival() });
    },
  };
}

type Observer = Pick<LaunchRequest, 'onOutput' | 'onNotification'>;

function createObserver(): { readonly observer: Observer; observe(instance: Instance): Observed } {
  const output = { stdout: '', stderr: '' };
  const ends: string[] = [];
  const notifications: Notification[] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const check of [...waiting]) check();
  };
  const until = <Found>(find: () => Found | null | undefined): Promise<Found> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = find();
        if (found === null || found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  return {
    observer: {
      onOutput(stream, chunk) {
        if (chunk === undefined) ends.push(stream);
        else output[stream] += chunk.toString('latin1');
        changed();
      },
      onNotification(notification) {
        notifications.push(notification);
        changed();
      },
    },
    observe: (instance) => ({
      instance,
      output,
      ends,
      notifications,
      line: (pattern) =>
        until(() => {
          const whole = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1);
          return pattern.exec(whole(output.stdout)) ?? pattern.exec(whole(output.stderr));
        }),
      notified: (kind) => until(() => notifications.find((each) => each.kind === kind)),
    }),
  };
}

/** Whether a process is there and more than a zombie. */
export function isAlive(pid: number): boolean {
  try {
    const stat = parseProcessStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return stat !== undefined && !stat.dead;
  } catch {
    return false;
  }
}
