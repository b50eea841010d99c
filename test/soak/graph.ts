/**
 * A configuration with services of every kind, as text: ready in every way that needs no other program, dependent on
 * one another, some reacting to a loss, checked and watched, restarted without a limit, obedient or not, with clean-ups
 * that work, fail and hang. Pure.
 */
import type { Chance } from './random.ts';

interface Kind {
  readonly command: string;
  readonly ready?: string;
  readonly more?: readonly string[];
  readonly isTask?: boolean;
}

const net = `require('net').createServer().listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port); })`;
const web = `require('http').createServer((_, r) => r.end('ok')).listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port); })`;
const noisy = 'while :; do seq 20000; sleep 0.5; done';

/** `@` is the name of the service; `$$$$` is what a shell gets as `$$`. */
const KINDS: readonly Kind[] = [
  {
    command: 'echo starting; sleep 0.1; echo listening on port 4711; exec sleep 1000',
    ready: "{ log: 'port (?<port>\\d+)' }",
  },
  {
    command: 'rm -f @.ready; sleep 0.2; : > @.ready; sleep 1000 & wait',
    ready: '{ file: @.ready }',
    more: ['cleanup: ["rm -f @.ready"]'],
  },
  { command: 'sleep 0.1; echo >&3; exec 3>&-; sleep 1000 & sleep 1000 & wait', ready: '{ notify: fd }' },
  { command: 'exec sleep 1000', ready: '{ delay: 200ms }' },
  {
    command: ': > @.up; sleep 1000 & wait',
    ready: '{ exec: "test -e @.up" }',
    more: ['cleanup: ["rm -f @.up", "exit 3"]'],
  },
  { command: 'echo one; : > @.two; exec sleep 1000', ready: '{ all: [{ log: one }, { file: @.two }] }' },
  { command: 'echo one; exec sleep 1000', ready: '{ any: [{ log: one }, { file: no.such.file }] }' },
  { command: `exec node -e "${net}"`, ready: "{ log: 'port (?<port>\\d+)' }" },
  {
    command: `exec node -e "${web}"`,
    ready: "{ log: 'port (?<port>\\d+)' }",
    more: ['health: { http: "http://127.0.0.1:${@.port}/", interval: 1s, timeout: 500ms, failures: 2 }'],
  },
  {
    command: 'echo >&3; while :; do echo heartbeat >&3; sleep 0.2; done',
    ready: '{ notify: fd }',
    more: ['watchdog: 1500ms'],
  },
  { command: 'while :; do echo alive; sleep 0.2; done', more: ['watchdog: { within: 1500ms, source: log }'] },
  { command: 'sleep 0.1; echo done', isTask: true },
  { command: "(setsid sleep 1000 &); (setsid sh -c 'sleep 1000 & sleep 1000' &); sleep 1000 & wait" },
  {
    command: '(setsid sh -c \'trap "" TERM; sleep 20\' &); exec sleep 1000',
    more: ['stop: { grace: 300ms }'],
  },
  { command: "trap '' TERM; while :; do sleep 0.2; done", more: ['stop: { grace: 300ms }'] },
  { command: '(setsid env -i /bin/sleep 1000 &); exec sleep 1000' },
  { command: noisy },
  { command: `${noisy} >&2` },
  { command: 'sleep 2; exit 1' },
  { command: 'sleep 3; exit 0' },
  { command: 'sleep 1.5; kill -SEGV $$$$' },
  { command: 'exec sleep 1000', more: ['cleanup: [{ run: "sleep 1000", timeout: 200ms }, "true"]'] },
  {
    command: ': > @.well; while :; do echo tick; sleep 0.2; done',
    more: ['health: { all: [{ log: tick }, { exec: "test -e @.well" }], interval: 1s, failures: 2 }'],
  },
  {
    command: 'exec sleep 1000',
    more: ['health: { exec: "sleep 1000 & sleep 1000", interval: 500ms, timeout: 200ms, failures: 4 }'],
  },
  { command: "trap 'sleep 0.3; exit 0' TERM; while :; do sleep 0.1; done" },
];

/** Later services depend on earlier ones; each kind comes at least once, if there are enough services. */
export function soakConfig(chance: Chance, count: number): string {
  const kinds = Array.from({ length: count }, (_, n) => KINDS[n] ?? chance.pick(KINDS));
  const order = kinds.map((kind) => ({ kind, at: chance.fraction() })).sort((a, b) => a.at - b.at);
  const services = order.map(({ kind }, n) => entry(chance, kind, n));
  return [
    'name: soak',
    'shutdown: { budget: 12s }',
    'defaults: { stop: { grace: 2s } }',
    'services:',
    ...services.flat(),
    '',
  ].join('\n');
}

function entry(chance: Chance, { command, ready, more = [], isTask = false }: Kind, n: number): string[] {
  const name = `s${n}`;
  const edges = new Set(n === 0 ? [] : Array.from({ length: chance.below(3) }, () => chance.below(n)));
  const losses = ['', '', ', on_loss: restart', ', on_loss: restart, after: 500ms'];
  const conditions = [...edges].map(
    (to) => `s${to}: { condition: ${chance.pick(['started', 'ready'])}${chance.pick(losses)} }`,
  );
  const lines = [
    `  ${name}:`,
    `    command: ${JSON.stringify(command)}`,
    ...(isTask
      ? ['    type: task']
      : ['    restart: { policy: always, max: 0, delay: 100ms, max_delay: 1s }']),
    ...(ready === undefined ? [] : [`    ready: ${within(ready)}`]),
    ...(conditions.length > 0 ? [`    depends_on: { ${conditions.join(', ')} }`] : []),
    ...more.map((line) => `    ${line}`),
  ];
  return lines.map((line) => line.replaceAll('@', name));
}

/** What is stopped while it starts must come to an end. */
function within(ready: string): string {
  return ready.startsWith('{ delay') ? ready : ready.replace(/ }$/, ', within: 5s }');
}
