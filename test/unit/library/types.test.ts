/** What the compiler says of definitions: each line that must not be is held to be refused. */
import { test } from 'node:test';
import { defineService, type ServiceDefinition, type Supervision, supervise } from 'orderlyd';

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
