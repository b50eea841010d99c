/** Scopes that signals cancel. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import {
  type CancelScope,
  checkpoint,
  isCancelled,
  type SignalName,
  type SignalSource,
  shield,
  signalScope,
  sleep,
  sleepForever,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { failAt, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';
import { property } from '../../../support/property.ts';
import { repositoryRoot } from '../../../support/repository-root.ts';

/** Signals that a test sends; unheard ones are told by name. */
class FakeSignals implements SignalSource {
  readonly unheard: string[] = [];
  readonly #listeners = new Map<SignalName, (() => void)[]>();

  listen(signal: SignalName, listener: () => void): () => void {
    if (signal === 'SIGKILL') throw new RangeError('no program can');
    const listeners = this.#listeners.get(signal) ?? [];
    this.#listeners.set(signal, [...listeners, listener]);
    return () => {
      const left = (this.#listeners.get(signal) ?? []).filter((each) => each !== listener);
      this.#listeners.set(signal, left);
    };
  }

  raise(signal: SignalName): void {
    this.unheard.push(signal);
  }

  send(signal: SignalName): void {
    const listeners = this.#listeners.get(signal) ?? [];
    if (listeners.length === 0) this.unheard.push(signal);
    for (const listener of listeners) listener();
  }

  get listening(): number {
    return [...this.#listeners.values()].reduce((sum, { length }) => sum + length, 0);
  }
}

law(
  'the first signal cancels the scope, with its name as the reason, and nobody listens afterwards',
  async () => {
    const source = new FakeSignals();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      let scope: CancelScope | undefined;
      await taskGroup((group) => {
        group.startSoon(async () => {
          const value = await signalScope(
            ['SIGINT', 'SIGTERM', 'SIGINT'],
            (own) => {
              scope = own;
              return sleepForever();
            },
            { source },
          );
          assert.equal(value, undefined);
        });
        group.startSoon(async () => {
          await checkpoint();
          assert.equal(source.listening, 2);
          source.send(signal);
        });
      });
      assert.deepEqual([scope?.cancelledCaught, scope?.reason, source.listening], [true, signal, 0]);
    }
    source.send('SIGTERM');
    assert.deepEqual(source.unheard, ['SIGTERM']);
  },
);

law('without a signal it gives its value or its error, and nobody listens afterwards', async () => {
  const source = new FakeSignals();
  assert.equal(await signalScope('SIGINT', () => 5, { source }), 5);
  assert.equal(shape(await thrownBy(signalScope('SIGINT', () => failAt(1, 'a'), { source }))), 'a');
  await whole(async (scope) => {
    scope.cancel();
    await signalScope('SIGHUP', sleepForever, { source }).catch((error) => assert.ok(isCancelled(error)));
  });
  assert.deepEqual([source.listening, source.unheard], [0, []]);
});

law('a signal that nobody can listen to is refused, and the body is not called', async () => {
  const source = new FakeSignals();
  const refused = signalScope(['SIGINT', 'SIGKILL'], () => assert.fail('called'), { source });
  assert.ok((await thrownBy(refused)) instanceof RangeError);
  assert.equal(source.listening, 0);
  for (const signal of ['SIGNONE', 'SIGKILL', 'SIGSTOP'] as const) {
    const before = process.listenerCount(signal);
    const real = await thrownBy(signalScope(signal, () => assert.fail('called')));
    assert.match(shape(real), new RegExp(signal));
    assert.equal(process.listenerCount(signal), before);
  }
});

law(
  'of nested scopes each signal cancels the innermost that is not ending; the last one is raised',
  async (lab) => {
    const source = new FakeSignals();
    const layer = (name: string, body: () => Promise<unknown>): Promise<unknown> =>
      signalScope(
        'SIGINT',
        async () => {
          try {
            await body();
          } catch (error) {
            lab.noteTime(name);
            await shield(() => sleep(5000));
            throw error;
          }
        },
        { source, name },
      );
    await taskGroup((group) => {
      group.startSoon(() => layer('outer', () => layer('inner', sleepForever).then(() => sleepForever())));
      group.startSoon(async () => {
        for (const ms of [1000, 1000, 1000, 100]) {
          await sleep(ms);
          source.send('SIGINT');
        }
      });
    });
    // The second comes while the inner one cleans up, the third while both do.
    lab.saw('inner(1s) outer(6s)');
    assert.deepEqual(source.unheard, ['SIGINT', 'SIGINT']);
  },
);

law(
  'signals of one name within 300 ms are one; a scope that was entered since hears the next',
  async (lab) => {
    const source = new FakeSignals();
    await taskGroup((group) => {
      group.startSoon(async () => {
        await signalScope('SIGHUP', () => lab.cleaner('first', 50)(), { source });
        await signalScope('SIGHUP', () => lab.cleaner('second', 1000)(), { source });
      });
      group.startSoon(async () => {
        for (const ms of [100, 20, 100, 100]) {
          await sleep(ms);
          source.send('SIGHUP');
        }
      });
    });
    lab.saw('first.cancelled first.cleaned second.cancelled second.cleaned');
    assert.deepEqual(source.unheard, []);
  },
);

law('scopes side by side are cancelled by one signal, and one behind a shield too', async (lab) => {
  const source = new FakeSignals();
  await taskGroup((group) => {
    const listen = (name: string) => signalScope('SIGTERM', lab.cleaner(name), { source });
    for (const name of ['A', 'B']) group.startSoon(() => listen(name));
    group.startSoon(() => signalScope('SIGTERM', () => shield(() => listen('C')), { source }));
    group.startSoon(async () => {
      await checkpoint();
      source.send('SIGTERM');
    });
  });
  lab.saw('{A.cancelled B.cancelled C.cancelled} {A.cleaned B.cleaned C.cleaned}');
  assert.equal(source.listening, 0);
});

property(
  'CS-10 CS-13 whatever is sent to whatever layers, each signal takes one layer from the inside, none is lost, and none is left listening',
  fc.record({
    layers: fc.array(fc.record({ listens: fc.boolean(), cleanUpMs: fc.nat(3) }), { maxLength: 5 }),
    pauses: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 7 }),
  }),
  async ({ layers, pauses }) => {
    const source = new FakeSignals();
    const ended: number[] = [];
    const open = new Set<number>();
    const ending = new Set<number>();
    const enter = async (depth: number): Promise<unknown> => {
      const layer = layers[depth];
      if (layer === undefined) return await sleepForever();
      const signal = layer.listens ? 'SIGINT' : 'SIGTERM';
      open.add(depth);
      await signalScope(
        signal,
        async () => {
          try {
            await enter(depth + 1);
            await sleepForever();
          } finally {
            await shield(() => sleep(layer.cleanUpMs * 1000));
          }
        },
        { source },
      );
      open.delete(depth);
      ended.push(depth);
      return undefined;
    };
    let expectedUnheard = 0;
    await taskGroup(async (group) => {
      group.startSoon(() => enter(0));
      for (const seconds of pauses) {
        await sleep(seconds * 1000 + 1);
        const listening = [...layers.keys()].filter((depth) => layers[depth]!.listens && open.has(depth));
        const target = listening.findLast((depth) => ![...ending].some((other) => other <= depth));
        if (target === undefined) expectedUnheard += 1;
        else ending.add(target);
        source.send('SIGINT');
        assert.equal(source.unheard.length, expectedUnheard);
        await checkpoint();
        // A new scope at the place of one that has ended is open again.
        for (const depth of [...ending]) if (!open.has(depth)) ending.delete(depth);
      }
      group.cancel();
    });
    assert.equal(source.listening, 0);
  },
);

test('a real signal cancels the scope, and afterwards does what it did before', async () => {
  const program = `
    const { signalScope, sleep } = await import('orderlyd/concurrency');
    const before = process.listenerCount('SIGUSR2');
    const value = await signalScope(['SIGUSR2', 'SIGTERM'], async () => {
      process.kill(process.pid, 'SIGUSR2');
      await sleep(60_000);
      return 'late';
    });
    console.log(String(value), process.listenerCount('SIGUSR2') - before);
    process.kill(process.pid, 'SIGUSR2');
    setTimeout(() => console.log('alive'), 60_000);`;
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: repositoryRoot(),
  });
  const ended = (await thrownBy(child)) as { readonly signal: string; readonly stdout: string };
  assert.deepEqual([ended.signal, ended.stdout], ['SIGUSR2', 'undefined 0\n']);
});

test('an open scope waits for its signal though there is nothing else to do', async () => {
  const program = `
    import { spawn } from 'node:child_process';
    import { signalScope, sleepForever } from 'orderlyd/concurrency';
    spawn('/bin/sh', ['-c', 'sleep 0.05; kill -s USR2 ' + process.pid], { stdio: 'ignore' }).unref();
    console.log(await signalScope('SIGUSR2', () => sleepForever()));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: repositoryRoot(),
  });
  assert.equal(stdout, 'undefined\n');
});

test('insisting ends the program as it would without the scope', async () => {
  const program = `
    const { signalScope, shield, sleep } = await import('orderlyd/concurrency');
    const kill = () => process.kill(process.pid, 'SIGTERM');
    await signalScope('SIGTERM', async () => {
      kill();
      await sleep(60_000).catch(async () => {
        console.log('cleaning up');
        await shield(() => sleep(400));
        kill();
        await shield(() => sleep(60_000));
      });
    });`;
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: repositoryRoot(),
  });
  const ended = (await thrownBy(child)) as { readonly signal: string; readonly stdout: string };
  assert.deepEqual([ended.signal, ended.stdout], ['SIGTERM', 'cleaning up\n']);
});
