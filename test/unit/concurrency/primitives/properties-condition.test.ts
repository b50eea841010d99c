/**
 * Conditions against a model: in each round some come to wait, then the owner of the lock notifies, while any of them
 * are cancelled, before the notification, after it in the same turn, or while they wait for the lock. Those who go on
 * are the ones that the model says, in its order, each with the lock.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  Condition,
  checkpoint,
  isCancelled,
  sleep,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { property } from '../../../support/property.ts';

/** What the owner of the lock, or the world around it, does. */
const act = fc.record({
  kind: fc.constantFrom('notify', 'notify', 'notifyAll', 'cancel', 'cancel', 'cancel', 'settle'),
  count: fc.nat(3),
  who: fc.nat(9),
});

const rounds = fc.array(
  fc.record({
    comers: fc.nat(4),
    /** Whether everything ready runs before the owner lets go. */
    settles: fc.boolean(),
    acts: fc.array(act, { maxLength: 8 }),
    /** Who goes on keeps the lock for this long, so that the others wait for it meanwhile. */
    keepMs: fc.nat(2),
  }),
  { maxLength: 4 },
);

/** Who waits, who was notified and is to go on, and who gave a notification up. */
class Model {
  readonly line: number[] = [];
  woken: number[] = [];
  readonly gone = new Set<number>();
  readonly wentOn: number[] = [];
  #passes = 0;

  notify(count: number): void {
    this.woken.push(...this.line.splice(0, count));
  }

  cancel(who: number): void {
    if (this.gone.has(who) || this.wentOn.includes(who)) return;
    const [waiting, notified] = [this.line.indexOf(who), this.woken.indexOf(who)];
    if (waiting >= 0) this.line.splice(waiting, 1);
    if (notified >= 0) {
      this.woken.splice(notified, 1);
      this.#passes += 1;
    }
    this.gone.add(who);
  }

  /** Once everything ready has run, what was given up has been passed on. */
  settle(): void {
    this.notify(this.#passes);
    this.#passes = 0;
  }

  release(): void {
    this.settle();
    this.wentOn.push(...this.woken.splice(0));
  }
}

property(
  'CD-2 CD-3 CD-4 CD-5 CD-6 CD-7 no notification is lost or doubled, and all go on in order, one at a time, with the lock',
  rounds,
  async (script) => {
    const condition = new Condition();
    const model = new Model();
    const comers: { readonly scope: CancelScope; readonly controller: AbortController }[] = [];
    const wentOn: number[] = [];
    const gone = new Set<number>();
    let inside = 0;
    let keepMs = 0;
    const comer = async (who: number, signal: AbortSignal): Promise<void> => {
      await condition.lock.acquire();
      try {
        await condition.wait({ signal });
        wentOn.push(who);
      } catch (error) {
        assert.ok(isCancelled(error) || error === 'aborted');
        gone.add(who);
      } finally {
        condition.lock.assertOwned('go on');
        inside += 1;
        assert.equal(inside, 1);
        // A plain pause: shields and cancellations are none of its business.
        if (keepMs > 0 && !gone.has(who)) await sleep(keepMs).catch(() => undefined);
        else await undefined;
        inside -= 1;
        condition.lock.release();
      }
    };
    await taskGroup(async (group) => {
      for (const round of script) {
        keepMs = round.keepMs;
        for (let n = 0; n < round.comers; n++) {
          const [scope, controller] = [new CancelScope(), new AbortController()];
          const who = comers.push({ scope, controller }) - 1;
          model.line.push(who);
          group.startSoon(() => scope.run(() => comer(who, controller.signal)));
        }
        await checkpoint();
        await condition.lock.acquire();
        for (const { kind, count, who } of round.acts) {
          if (kind === 'notify') {
            condition.notify(count);
            model.notify(count);
          } else if (kind === 'notifyAll') {
            condition.notifyAll();
            model.notify(Number.POSITIVE_INFINITY);
          } else if (kind === 'cancel') {
            const stopped = comers[who];
            if (stopped === undefined) continue;
            if (count % 2 === 0) stopped.scope.cancel();
            else stopped.controller.abort('aborted');
            model.cancel(who);
          } else {
            await checkpoint();
            model.settle();
          }
          assert.equal(condition.statistics().waiting, model.line.length);
        }
        if (round.settles) await checkpoint();
        model.release();
        condition.lock.release();
        await sleep(100);
        assert.deepEqual(wentOn, model.wentOn);
        assert.deepEqual([...gone].sort(), [...model.gone].sort());
        assert.equal(condition.statistics().waiting, model.line.length);
        assert.equal(condition.lock.isLocked, false);
      }
      group.cancel();
    });
    assert.equal(condition.statistics().waiting, 0);
    assert.equal(condition.lock.isLocked, false);
  },
);
