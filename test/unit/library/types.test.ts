/** What the compiler says of definitions: each line that must not be is held to be refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defineService,
  type RunContext,
  type ServiceDefinition,
  type SuperviseOptions,
  type Supervision,
  supervise,
} from 'orderlyd';

const database = defineService<{ url: string; pool: Map<string, number> }>({
  name: 'database',
  run({ started }) {
    started({ url: 'db://', pool: new Map() });
  },
  health: { check: ({ reported }) => reported.pool.size >= 0 },
  cleanup: [
    { run: ({ reported }) => reported?.pool.clear(), timeout: '3s' },
    { parallel: [() => undefined] },
  ],
});

test('what a service reports has its type wherever it is used', () => {
  defineService({
    name: 'api',
    dependsOn: [database],
    run({ values, started }) {
      const url: string = values(database).url;
      const pool: Map<string, number> | undefined = values.maybe(database)?.pool;
      // @ts-expect-error it is a text
      const port: number = values(database).url;
      started({ url, pool, port });
    },
  });
});

test('what a service has to report it must, and nothing else', () => {
  // @ts-expect-error misspelt
  defineService<{ port: number }>({ name: 'a', run: ({ started }) => started({ prt: 1 }) });
  // @ts-expect-error missing
  defineService<{ port: number }>({ name: 'a', run: ({ started }) => started() });
  defineService<{ port?: number }>({ name: 'a', run: ({ started }) => started() });
});

test('a process reports texts', () => {
  const web = defineService({ name: 'web', command: 'true', stop: { signal: 'SIGINT' } });
  defineService({
    name: 'b',
    dependsOn: { web: { onLoss: 'restart', after: '2s' } },
    run: ({ values }) => values(web).port?.toUpperCase(),
  });
});

test('keys of processes are none of functions', () => {
  // @ts-expect-error a function has no working directory
  defineService({ name: 'a', run: () => undefined, cwd: '/' });
  // @ts-expect-error no such policy
  defineService({ name: 'a', run: () => undefined, restart: 'sometimes' });
});

test('definitions of all kinds can be supervised together', () => {
  const all: readonly ServiceDefinition[] = [database, defineService({ name: 'a', command: ['true'] })];
  const later = (): Supervision => supervise(all, { signals: ['SIGINT'] });
  void later;
});

test('values are typed by the definition, and refused for what is not in dependsOn', () => {
  const db = defineService({
    name: 'db',
    reports: {} as { url: string },
    run: ({ started }) => started({ url: 'db://' }),
  });
  const cache = defineService({
    name: 'cache',
    reports: {} as { url: string },
    run: ({ started }) => started({ url: 'cache://' }),
  });
  const port = defineService<{ port: number }>({ name: 'port', run: ({ started }) => started({ port: 1 }) });
  defineService({
    name: 'api',
    dependsOn: [db, port, 'queue'],
    reports: {} as { ready: boolean },
    run({ values, started }) {
      const url: string = values(db).url;
      const number: number = values(port).port + (values.maybe(port)?.port ?? 0);
      const queue: unknown = values('queue').size;
      const text: string = values<{ name: string }>('queue').name;
      // @ts-expect-error it is not depended on, though it reports the same
      values(cache);
      // @ts-expect-error it is not depended on
      values.maybe(cache);
      // @ts-expect-error it has no such value
      values(db).host;
      started({ ready: url !== '' && number > 0 && queue !== text });
      // @ts-expect-error it is no truth value
      started({ ready: 1 });
    },
  });
  defineService({
    name: 'mapped',
    dependsOn: { db: { onLoss: 'restart' }, port: {} },
    run({ values }) {
      const url: string = values(db).url;
      const number: number = values(port).port;
      // @ts-expect-error it is not depended on
      values(cache);
      // @ts-expect-error it is not depended on, by that name
      values('cache');
      return [url, number, values('db')];
    },
  });
  defineService({
    name: 'alone',
    // @ts-expect-error it depends on nothing
    run: ({ values }) => values(db),
  });
  defineService<{ n: number }>({
    name: 'said',
    dependsOn: [db],
    run: ({ values, started }) => started({ n: values(db).url.length }),
  });
  const names: readonly string[] = ['db'];
  defineService({ name: 'open', dependsOn: names, run: ({ values }) => values('db') });
});

test('a helper that is annotated can be the run of any service', () => {
  const lives = async ({ started, shutdown }: RunContext): Promise<void> => {
    started();
    await new Promise((resolve) => shutdown.addEventListener('abort', resolve));
  };
  const gives = async ({ started }: RunContext<{ port: number }>): Promise<void> => started({ port: 1 });
  const service = defineService({ name: 'a', run: gives });
  defineService({ name: 'b', dependsOn: [service], run: lives });
  defineService({ name: 'c', dependsOn: [service], run: ({ values }) => values(service).port.toFixed() });
  // @ts-expect-error what it reports is something else
  defineService<{ url: string }>({ name: 'd', run: gives });
});

test('what may be left out may be undefined', () => {
  const [n, text, signal]: [number?, string?, AbortSignal?] = [];
  const options: SuperviseOptions = { name: text, budget: text, signal, maxStarting: n, onEvent: undefined };
  defineService({
    name: 'a',
    run: () => undefined,
    dependsOn: undefined,
    ready: { within: text },
    health: undefined,
    restart: { max: n, delay: text },
    stop: { grace: text },
    cleanup: { run: () => undefined, timeout: text },
  });
  defineService({ name: 'b', command: 'true', cwd: text, env: { A: text }, user: n, stop: { signal: text } });
  assert.equal(options.name, undefined);
});

test('what is undefined is as good as not there', async () => {
  const given = { cwd: undefined, command: undefined } as object;
  const a = defineService({ name: 'a', type: 'task', run: () => undefined, ...given });
  const b = defineService({
    name: 'b',
    type: 'task',
    command: 'test -z "$NOT_THERE"',
    env: { NOT_THERE: undefined },
  });
  assert.equal((await supervise([a, b])).status, 0);
});
