/**
 * Clients of the control socket of a real run: the command line itself, and what speaks to the socket by hand.
 */
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { findRuns } from '../../src/process/guard/find-run.ts';
import { type OrderlyEnd, type OrderlyRun, runOrderly } from './run-orderly.ts';
import { until } from './until.ts';

/** A command in the folder of a run, to its end. */
export function ask(t: TestContext, run: OrderlyRun, ...args: readonly string[]): Promise<OrderlyEnd> {
  return runOrderly(t, { args, cwd: run.folder }).ended;
}

/** Tells on stderr that the events of a run are being heard: the run has begun to answer, and leaves none out from then on. */
const TELLS_HEARING = `
  import { Socket } from 'node:net';
  const { write } = Socket.prototype;
  Socket.prototype.write = function (text, ...more) {
    if (String(text).startsWith('GET /v1/events')) this.once('data', () => process.stderr.write('hears the events\\n'));
    return write.call(this, text, ...more);
  };
`;

/** A command that waits for its request, once it hears what becomes of it: the first line on stderr is not its own. */
export async function askAndHear(
  t: TestContext,
  run: OrderlyRun,
  ...args: readonly string[]
): Promise<OrderlyRun> {
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TELLS_HEARING)}` };
  const client = runOrderly(t, { args, cwd: run.folder, env });
  await client.line(/^hears the events$/);
  return client;
}

/** Each service with its state and the number of its instance: `db ready#1, api failed#2`. */
export async function stateOf(t: TestContext, run: OrderlyRun): Promise<string> {
  const { stdout } = await ask(t, run, 'ps', '--json');
  const services = JSON.parse(stdout.join('\n')) as { service: string; state: string; attempt: number }[];
  return services.map(({ service, state, attempt }) => `${service} ${state}#${attempt}`).join(', ');
}

/** Where it listens, as soon as it has said so. */
export function socketOf({ pid }: OrderlyRun): Promise<string> {
  const machine = { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env: process.env };
  return until(() => findRuns(machine).find((run) => run.pid === pid)?.socket);
}

/** A Unix socket by its path, or a port. */
export type Place = string | { readonly host: string; readonly port: number };

function connectTo(place: Place): Socket {
  return typeof place === 'string' ? connect(place) : connect(place);
}

/** Sends this, and resolves with all that comes back until the other side ends or breaks off. Never rejects. */
export async function exchange(place: Place, text: string): Promise<string> {
  const client = connectTo(place);
  let answer = '';
  const over = new Promise<void>((resolve) => client.on('close', () => resolve()));
  client.on('error', () => undefined);
  client.setEncoding('utf8');
  client.on('data', (part: string) => {
    answer += part;
  });
  client.write(text);
  await over;
  return answer;
}

/** A client that has sent this, and does nothing more until the test ends. */
export async function hold(t: TestContext, place: Place, text: string): Promise<Socket> {
  const client = connectTo(place);
  t.after(() => client.destroy());
  client.on('error', () => undefined);
  client.pause();
  await new Promise<void>((resolve) => client.write(text, () => resolve()));
  return client;
}

export function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
}

export function post(path: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Asks for something by hand: the answer as data. */
export async function requested(socket: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await exchange(socket, post('/v1/requests', JSON.stringify(body)));
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Readonly<Record<string, unknown>>;
}
