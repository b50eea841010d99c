/**
 * Whatever is thrown, wherever the code of a program is called by its graph: a report, with the very thing that was thrown
 * in it where a service threw it; no unhandled rejection, and nothing that hangs.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sleep, taskGroup } from '../../../src/concurrency/index.ts';
import { defineService, type TaskOptions } from '../../../src/library/definition.ts';
import type { SupervisionReport } from '../../../src/library/report.ts';
import { supervise } from '../../../src/library/supervise.ts';
import type { SuperviseOptions } from '../../../src/library/supervise-options.ts';
import type { RunContext } from '../../../src/tasks/run-context.ts';
import { law } from '../../support/concurrency-lab.ts';
import { property } from '../../support/property.ts';
import { asked } from '../../support/service-lab.ts';
import { ANIMALS, anAnimal, animal } from '../../support/thrown-zoo.ts';

type Service = Partial<TaskOptions>;

/** Where it is thrown, as the service and the options that throw it there; and in which phase its service is blamed. */
interface Cage {
  readonly service?: (thrown: unknown) => Service;
  readonly options?: (thrown: unknown) => SuperviseOptions;
  readonly phase?: SupervisionReport['errors'][number]['phase'];
}

async function lives({ started, shutdown }: Pick<RunContext, 'started' | 'shutdown'>): Promise<void> {
  started();
  await asked(shutdown);
}

function toss(thrown: unknown): never {
  throw thrown;
}

const CAGES: Readonly<Record<string, Cage>> = {
  'run, before it is ready': { service: (thrown) => ({ run: () => toss(thrown) }), phase: 'run' },
  'run, later': {
    service: (thrown) => ({
      async run({ started }) {
        started();
        await sleep(5);
        throw thrown;
      },
    }),
    phase: 'run',
  },
  'run, once it is asked to stop': {
    service: (thrown) => ({
      async run(context) {
        await lives(context);
        throw thrown;
      },
    }),
    phase: 'stop',
  },
  'a task of a group in run': {
    service: (thrown) => ({
      async run(context) {
        await taskGroup(async (group) => {
          group.startSoon(async () => {
            await sleep(5);
            throw thrown;
          });
          await lives(context);
        });
      },
    }),
  },
  'a clean-up': { service: (thrown) => ({ cleanup: () => toss(thrown) }), phase: 'cleanup' },
  'parts of a clean-up': {
    service: (thrown) => ({
      cleanup: { parallel: [() => toss(thrown), async () => toss(thrown)] },
    }),
  },
  'a health check': {
    service: (thrown) => ({ health: { check: () => toss(thrown), interval: '1ms', failures: 1 } }),
  },
  'the answer of a health check': {
    service: (thrown) => ({ health: { check: () => thrown, interval: '1ms' } }),
  },
  'what it reports': {
    service: (thrown) => ({
      async run({ started, shutdown }) {
        started({
          get broken() {
            return toss(thrown);
          },
          thrown,
        });
        await asked(shutdown);
      },
    }),
  },
  'instead of what it reports': {
    service: (thrown) => ({
      async run({ started, shutdown }) {
        started(thrown as Record<string, unknown>);
        await asked(shutdown);
      },
    }),
  },
  'instead of its status': {
    service: (thrown) => ({
      async run(context) {
        context.status(thrown as string);
        await lives(context);
      },
    }),
  },
  'a listener of events': { options: (thrown) => ({ onEvent: () => toss(thrown) }) },
  'a listener of events that is async': { options: (thrown) => ({ onEvent: async () => toss(thrown) }) },
  'why it is to stop': { options: (thrown) => ({ signal: AbortSignal.abort(thrown) }) },
};

async function reportOf(where: string, name: string): Promise<void> {
  const { thrown } = animal(name);
  const { service, options, phase } = CAGES[where]!;
  const caught = defineService({ name: 'caught', restart: 'no', run: lives, ...service?.(thrown) });
  const beside = defineService({ name: 'beside', run: lives });
  const run = supervise([caught, beside], { raiseOnError: false, ...options?.(thrown) });
  await sleep(20);
  await run.down(thrown as string);
  const report = await run;
  assert.equal(report.survivors.length, 0);
  if (phase === undefined) return;
  const blamed = report.errors.find((error) => error.service === 'caught' && error.phase === phase);
  assert.ok(blamed !== undefined && Object.is(blamed.error, thrown), `${name} is not in the report`);
}

const silence = process.emitWarning;

law('anything can be thrown by a listener: one warning, and the graph goes on', async () => {
  const warnings: string[] = [];
  process.emitWarning = (warning: string | Error) => void warnings.push(String(warning));
  try {
    for (const name of ANIMALS) {
      await reportOf('a listener of events', name);
      await reportOf('a listener of events that is async', name);
    }
  } finally {
    process.emitWarning = silence;
  }
  assert.equal(warnings.length, 2 * ANIMALS.length);
});

for (const where of Object.keys(CAGES).filter((place) => !place.startsWith('a listener'))) {
  law(`anything can be thrown as ${where}: there is a report`, async () => {
    for (const name of ANIMALS) await reportOf(where, name);
  });
}

property(
  'anything can be thrown in several places at once: there is a report',
  fc.array(fc.tuple(fc.constantFrom(...Object.keys(CAGES)), anAnimal), { minLength: 2, maxLength: 5 }),
  async (script) => {
    process.emitWarning = () => undefined;
    try {
      await Promise.all(script.map(([where, name]) => reportOf(where, name)));
    } finally {
      process.emitWarning = silence;
    }
  },
);
