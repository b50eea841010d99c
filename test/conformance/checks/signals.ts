/**
 * Signals to PID 1: those that ask for the end reach the command, others do no harm.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Check, expectStatus, fails } from '../check.ts';
import { inContainer } from '../container.ts';

const HANDLED = { SIGTERM: 40, SIGINT: 41, SIGHUP: 42, SIGQUIT: 43 } as const;

/** Says which signal it got by its exit code; gets the others, and goes on. */
const command = [
  'sh',
  '-c',
  `${Object.entries(HANDLED)
    .map(([signal, code]) => `trap 'exit ${code}' ${signal.slice(3)}`)
    .join('; ')}; trap : USR1 USR2; echo up; while :; do sleep 0.05; done`,
];

export const asksToEnd: readonly Check[] = Object.entries(HANDLED).map(([signal, code]) => ({
  name: `${signal} asks the command to end, and its own exit code comes out`,
  judge: (contender) =>
    inContainer(contender, command, async (container) => {
      await container.says('up');
      await container.signal(signal as NodeJS.Signals);
      const { status } = await container.ended();
      return expectStatus(status, code);
    }),
}));

/** By which images are stopped beside SIGTERM, SIGINT and SIGQUIT; by numbers, since Node has no names for the last one. */
const STOPS = [
  ['SIGUSR1', 10, 'haproxy'],
  ['SIGWINCH', 28, 'httpd'],
  ['SIGPWR', 30, 'LXC'],
  ['SIGRTMIN+3', 37, 'systemd'],
] as const;

export const stopSignals: readonly Check[] = STOPS.map(([name, number, whose]) => ({
  name: `STOPSIGNAL ${name} (${whose}) reaches the command, and its own exit code comes out`,
  judge: (contender) => {
    const script = `trap 'exit 44' ${number}; echo up; while :; do sleep 0.05; done`;
    return inContainer(contender, ['sh', '-c', script], async (container) => {
      await container.says('up');
      container.signal(number);
      return expectStatus((await container.ended()).status, 44);
    });
  },
}));

export const passedOn: Check = {
  name: 'SIGUSR1, SIGUSR2, SIGWINCH and SIGCONT go to the command, which runs on',
  judge: (contender) => {
    const signals = { USR1: 10, USR2: 12, WINCH: 28, CONT: 18 };
    const traps = Object.keys(signals).map((name) => `trap 'echo got ${name}' ${name}`);
    const script = `${traps.join('; ')}; trap 'exit 45' TERM; echo up; while :; do sleep 0.05; done`;
    return inContainer(contender, ['sh', '-c', script], async (container) => {
      await container.says('up');
      for (const [name, number] of Object.entries(signals)) {
        container.signal(number);
        await container.says(`got ${name}`);
      }
      container.signal('SIGTERM');
      return expectStatus((await container.ended()).status, 45);
    });
  },
};

export const harmless: Check = {
  name: 'SIGUSR1 and SIGUSR2 neither end it nor open a debugger',
  judge: (contender) =>
    inContainer(contender, command, async (container) => {
      await container.says('up');
      const before = listeners();
      for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) {
        await container.signal(signal);
        // Whatever it opens it opens in some turn after the signal.
        await pause(200);
      }
      const opened = [...listeners()].filter((port) => !before.has(port) && INSPECTOR_PORTS.has(port));
      if (opened.length > 0) return fails(`port ${opened} was opened`);
      await container.signal('SIGTERM');
      return expectStatus((await container.ended()).status, HANDLED.SIGTERM);
    }),
};

/** Of Node. */
const INSPECTOR_PORTS = new Set([9229]);

function listeners(): ReadonlySet<number> {
  const rows = readFileSync('/proc/net/tcp', 'latin1').matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ 0A /gm);
  return new Set([...rows].map(([, port = '']) => Number.parseInt(port, 16)));
}
