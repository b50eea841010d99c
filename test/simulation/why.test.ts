/**
 * What `why` says of each service after each event of random runs that are commanded: an answer to its root, and what it says comes
 * next comes, unless something else comes first.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ServiceConfig } from '../../src/config/types.ts';
import { Picture } from '../../src/control/picture/picture.ts';
import { explain } from '../../src/control/picture/why.ts';
import type { WhyAnswer } from '../../src/control/protocol.ts';
import type { Command, Ticket } from '../../src/engine/requests/command.ts';
import type { SupervisorRequest } from '../../src/engine/supervise.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { ALLOWED_MOVES, stateAfter } from '../../src/events/state-table.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import { asked, code, restart, restarting, run, service, stopping } from '../support/commanding.ts';
import { runs } from '../support/runs.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import type { Scenario, Simulated } from '../support/simulation.ts';

const NAMES = ['disk', 'db', 'cache', 'api', 'web'];
const CLEAN = { run: { kind: 'shell' as const, script: 'clean' }, timeoutMs: 500 };

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  readyAfterMs: fc.nat(1_000),
  obeysAfterMs: fc.oneof(fc.nat(1_000), fc.constant('never' as const)),
  endsAfterMs: fc.oneof({ weight: 3, arbitrary: fc.constant('never' as const) }, fc.nat(8_000)),
  exit: fc.constantFrom(code(0), code(3)),
});

const traits = fc.record({
  onFailure: fc.constantFrom('isolate' as const, 'ignore' as const),
  policy: fc.constantFrom('no' as const, 'on-failure' as const),
  loss: fc.constantFrom('keep' as const, 'restart' as const, 'stop' as const),
  cleanup: fc.boolean(),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 2 }),
});

const request = fc.record({
  atMs: fc.nat(20_000),
  kind: fc.constantFrom(...(['start', 'stop', 'restart', 'remove'] as const)),
  of: fc.constantFrom(...NAMES),
  noDeps: fc.boolean(),
});

function servicesOf(
  all: readonly (typeof traits extends fc.Arbitrary<infer T> ? T : never)[],
): ServiceConfig[] {
  const needs: Readonly<Record<string, readonly string[]>> = {
    ...{ disk: [], db: ['disk'], cache: ['disk'], api: ['db', 'cache'], web: ['api'] },
  };
  return NAMES.map((name, index) => {
    const { onFailure, policy, loss, cleanup } = all[index]!;
    const edge = (to: string) => (loss === 'keep' ? to : loss === 'stop' ? stopping(to) : restarting(to));
    const more = { onFailure, ...restart({ policy, max: 2, delayMs: 700 }), cleanup: cleanup ? [CLEAN] : [] };
    return service(name, needs[name]!.map(edge), more);
  });
}

type Said = WhyAnswer['next'] & { readonly seq: number };

/** What was said last of each service must be what its next move is. */
function assertComes(said: Said, of: string, between: readonly OrderlyEvent[], moved: OrderlyEvent): void {
  const text = `${of}: "${said.text}", and then ${moved.type} at ${moved.ms}, not ${said.at_ms}${between.map((one) => `\n  ${JSON.stringify(one)}`)}`;
  const isAsked = between.some(
    (event) =>
      (event.type === 'service.wanted' && event.service === of) || /^shutdown|^graph/.test(event.type),
  );
  if (isAsked || moved.type === 'service.removed') return;
  assert.ok(!said.text.startsWith('nothing, until'), text);
  if (said.at_ms !== undefined) assert.ok(moved.ms <= said.at_ms + 10, text);
  if (moved.type === 'service.starting' && said.at_ms !== undefined)
    assert.ok(Math.abs(moved.ms - said.at_ms) < 1, text);
}

const scenario = fc.tuple(
  fc.array(traits, { minLength: NAMES.length, maxLength: NAMES.length }),
  fc.array(request, { maxLength: 10 }),
);
type Drawn = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function play(all: Drawn[0], requests: Drawn[1], more: Partial<Scenario> = {}): Promise<Simulated> {
  return run(
    servicesOf(all),
    requests.map(({ atMs, kind, of, noDeps }) =>
      kind === 'remove' ? asked(atMs, kind, of) : asked(atMs, kind, of, { noDeps }),
    ),
    (name, attempt) => {
      const { behaviours } = all[NAMES.indexOf(name)]!;
      return behaviours[(attempt - 1) % behaviours.length]!;
    },
    { commands: { clean: { afterMs: 300 } }, ...more },
  );
}

test('WY-1 WY-3 WY-4 WY-5 why, after each event of random runs', async () => {
  const states = new Set<string>();
  await assertAsyncProperty(
    fc.asyncProperty(scenario, async ([all, requests]) => {
      const { events } = await play(all, requests);
      const picture = new Picture();
      const said = new Map<string, Said>();
      for (const event of events) {
        const before =
          'service' in event && event.service !== undefined ? said.get(event.service) : undefined;
        const isMove = stateAfter(event) !== undefined;
        if (before !== undefined && isMove && 'service' in event)
          assertComes(before, event.service!, events.slice(before.seq, event.seq - 1), event);
        picture.apply(event);
        for (const name of picture.names) {
          const { chain, next, text } = explain(
            { picture, nowMs: event.ms, lastLine: () => undefined },
            name,
          )!;
          states.add(picture.service(name)!.state);
          assert.ok(chain.length > 0 && chain.every(({ seq }) => seq >= 1 && seq <= event.seq), text);
          assert.doesNotMatch(text, /undefined|NaN/);
          const known = said.get(name);
          const isNew = known === undefined || picture.movedSeq(name) === event.seq;
          if (isNew) said.set(name, { ...next, seq: event.seq });
        }
      }
    }),
    runs(150),
  );
  assert.deepEqual([...states].sort(), Object.keys(ALLOWED_MOVES).sort());
});

test('WY-7 what why offers would not be refused in that moment', async () => {
  const judged = new Map<string, number>();
  await assertAsyncProperty(
    fc.asyncProperty(scenario, async ([all, requests]) => {
      const picture = new Picture();
      const troubles: string[] = [];
      const answers = (event: OrderlyEvent): readonly SupervisorRequest[] => {
        picture.apply(event);
        if (!('service' in event) || picture.service(event.service!) === undefined) return [];
        const { commands, text } = explain(
          { picture, nowMs: event.ms, lastLine: () => undefined },
          event.service!,
        )!;
        return commands.flatMap(({ argv: [, kind = '', name = '', signal] }): SupervisorRequest[] => {
          if (kind !== 'start' && kind !== 'restart' && kind !== 'signal') return [];
          const command = { kind, names: [name], ...(signal && { signal: `SIG${signal}` }) } as Command;
          const onTicket = ({ answer }: Ticket): void => {
            if (answer.kind === 'refused' && answer.code === 'changed') return;
            judged.set(kind, (judged.get(kind) ?? 0) + 1);
            if (answer.kind === 'refused') troubles.push(`${answer.why}:\n${text}`);
          };
          return [{ kind: 'command', command, options: { dryRun: true, expect: event.seq }, onTicket }];
        });
      };
      await play(all, requests, { answers });
      assert.deepEqual(troubles, []);
    }),
    runs(150),
  );
  for (const kind of ['start', 'signal'])
    assert.ok((judged.get(kind) ?? 0) > 50, `${kind}: ${judged.get(kind)}`);
});
