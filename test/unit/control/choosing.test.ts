/**
 * Which services a look is about: those that are named, by their own name or that of their service, or have the labels.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Asked, Controlled } from '../../../src/control/server/controlled.ts';
import { logStream } from '../../../src/control/server/follows.ts';
import { LogHistory } from '../../../src/control/server/log-history.ts';
import { servicesAnswer } from '../../../src/control/server/looks.ts';
import type { JsonStream } from '../../../src/control/server/stream.ts';
import { started, toldPicture } from '../../support/told-picture.ts';

const about = {
  db: { labels: { tier: 'data' } },
  'web-1': { labels: { team: 'web', tier: 'front' }, replica_of: 'web' },
  'web-2': { labels: { team: 'web', tier: 'front' }, replica_of: 'web' },
};
const picture = toldPicture([started({ db: [], 'web-1': [], 'web-2': [], mail: [] }, { about })]);

function asked(query: string): Asked {
  return {
    path: {},
    query: new URLSearchParams(query),
    body: undefined,
    client: undefined,
    signal: new AbortController().signal,
  };
}

/** Lines of `db`, `web-1` and `mail` in turn, a second apart from 0 on, looked at ten seconds after the first one. */
function lab() {
  let ms = 0;
  const logs = new LogHistory({ time: () => `t${ms}`, ms: () => ms });
  for (const text of ['one', 'two', 'three']) {
    for (const service of ['db', 'web-1', 'mail']) {
      logs.add(service, 1, 'stdout', Buffer.from(`${text}\n`));
      ms += 1_000;
    }
  }
  const suggest = (name: string) => (name === 'bd' ? 'db' : undefined);
  return { run: 'x', picture, logs, suggest, nowMs: () => 10_000 } as unknown as Controlled;
}

async function services(query: string): Promise<unknown> {
  const reply = await servicesAnswer(lab(), asked(query));
  assert.ok(reply.kind === 'json');
  const body = reply.body as { services?: { service: string }[]; error?: { message: string } };
  return body.error?.message ?? body.services?.map(({ service }) => service);
}

function lines(query: string): unknown {
  const reply = logStream(lab(), asked(query));
  if (reply.kind !== 'stream') return reply.status;
  let text = '';
  const stream = {
    writeLines: (more: string) => {
      text += more;
    },
    end: () => undefined,
  };
  void reply.feed(stream as unknown as JsonStream);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { service: string; text: string })
    .map((line) => `${line.service} ${line.text}`);
}

suite('a look at some services', () => {
  test('names, patterns, the service of replicas, labels; nothing chosen means all', async () => {
    const all = ['db', 'web-1', 'web-2', 'mail'];
    assert.deepEqual(await services(''), all);
    assert.deepEqual(await services('name=mail&name=db'), ['db', 'mail']);
    assert.deepEqual(await services('name=*a*'), ['mail']);
    assert.deepEqual(await services('name=web'), ['web-1', 'web-2']);
    assert.deepEqual(await services('label=tier'), ['db', 'web-1', 'web-2']);
    assert.deepEqual(await services('label=tier=front&label=team=web&name=*1'), ['web-1']);
  });

  test('RQ-5 what means nobody is told, with the nearest name', async () => {
    assert.equal(await services('name=bd'), 'there is no service "bd"; did you mean "db"?');
    assert.equal(await services('label=team=none'), 'no service has the label "team=none"');
    assert.equal(await services('name=mail&label=team'), '"mail" means no service that has the label "team"');
    assert.equal(lines('name=x*'), 404);
  });

  test('each is told with its labels, and of which service it is a replica', async () => {
    const reply = await servicesAnswer(lab(), asked('name=web-2&name=mail'));
    assert.ok(reply.kind === 'json' && 'services' in reply.body);
    const told = (reply.body.services as readonly object[]).map((one) => ({
      labels: undefined,
      replica_of: undefined,
      ...one,
    }));
    assert.deepEqual(
      told.map(({ labels, replica_of }) => [labels, replica_of]),
      [
        [{ team: 'web', tier: 'front' }, 'web'],
        [undefined, undefined],
      ],
    );
  });
});

suite('a look at what some services wrote', () => {
  test('by labels and patterns as by names', () => {
    assert.deepEqual(lines('label=team=web'), ['web-1 one', 'web-1 two', 'web-1 three']);
    assert.deepEqual(lines('name=web&name=ma*&tail=2'), ['web-1 three', 'mail three']);
  });

  test('until a moment, and no later; the last so many are those before it', () => {
    assert.deepEqual(lines('until_ms=9000'), ['db one', 'web-1 one']);
    assert.deepEqual(lines('since_ms=7000&until_ms=5000'), ['db two', 'web-1 two', 'mail two']);
    assert.deepEqual(lines('name=db&tail=1&until_ms=5000'), ['db two']);
    assert.deepEqual(lines('until_ms=11000'), []);
  });
});

test('what is used is looked at where it is asked for, of what is chosen, and told of what runs', async () => {
  const wanted: unknown[] = [];
  const listening = { places: [{ protocol: 'unix', path: '/x' }], isWhole: false } as const;
  const usage = { processes: 2, cpuSeconds: 1.5, residentBytes: 7, ageSeconds: 12, listening };
  const controlled: Controlled = {
    ...lab(),
    treeUsage: async (asked) => {
      wanted.push(asked);
      return new Map([['db', usage]]);
    },
  };
  const told = async (query: string): Promise<unknown> => {
    const reply = await servicesAnswer(controlled, asked(query));
    assert.ok(reply.kind === 'json' && 'services' in reply.body);
    return (reply.body.services as readonly { usage?: unknown }[]).map((one) => one.usage);
  };
  assert.deepEqual(await told('name=db'), [undefined]);
  assert.deepEqual(wanted, []);
  assert.deepEqual(await told('name=db&name=mail&usage'), [
    {
      ...{ processes: 2, cpu_seconds: 1.5, cpu_percent: 12.5, resident_bytes: 7 },
      ...{ listens: [{ protocol: 'unix', path: '/x' }], hidden: true },
    },
    undefined,
  ]);
  assert.deepEqual(wanted, [{ listening: true, services: new Set(['db', 'mail']) }]);
});
