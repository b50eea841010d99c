/**
 * `orderly agent`: a server of the Model Context Protocol over stdin and stdout, so that an agent can look at a run and command it.
 *
 * A message is a line. Nothing else goes to stdout; what goes wrong here is said on stderr. It ends when stdin does.
 */
import { jsonText } from '../../../events/printable.ts';
import type { Ending } from '../../world.ts';
import type { ClientWorld } from '../client-world.ts';
import type { ClientOptions } from '../find-run.ts';
import { callTool } from './call-tool.ts';
import { linesOf } from './lines.ts';
import { INTERNAL_ERROR, INVALID_REQUEST, type Message, parseMessage, type RequestId } from './message.ts';
import { type Agent, type Reply, replyTo } from './reply.ts';

const MOST_BYTES = 1024 * 1024;
/** Each may hold a connection to the run. */
const MOST_REQUESTS = 64;
/** For what is nearly answered when stdin ends; clients kill after two seconds. */
const LAST_MS = 1_500;

export async function agent(world: ClientWorld, options: ClientOptions, version: string): Promise<Ending> {
  const end = new AbortController();
  const call: Agent['call'] = (tool, given, signal) =>
    callTool({ world, options, signal, hurry: end.signal }, tool.name, given);
  const open = new Map<RequestId, Open>();
  let status = 0;
  const send = (id: RequestId | undefined, reply: Reply): void => {
    // A response without an id is to a message that has none that can be read.
    const message = { jsonrpc: '2.0', ...(id !== undefined && { id }), ...reply };
    world.print(`${jsonText(message)}\n`);
  };
  for await (const line of linesOf(input(), MOST_BYTES)) {
    if (line?.trim() === '') continue;
    const message: Message = line === undefined ? TOO_LONG : parseMessage(line);
    if (message.kind === 'invalid') send(message.id, { error: message.problem });
    if (message.kind === 'notification' && message.method === 'notifications/cancelled')
      open.get(message.params.requestId as RequestId)?.abort();
    if (message.kind === 'request') take(message);
  }
  end.abort();
  await Promise.race([Promise.all([...open.values()].map(({ done }) => done)), world.after(LAST_MS)]);
  return { status };

  async function* input(): AsyncGenerator<Uint8Array> {
    try {
      yield* world.input();
    } catch (error) {
      // Of the system: stdin may be a folder, or a terminal that is gone.
      world.complain(`orderly: Cannot read stdin: ${(error as Error).message}`);
      status = 1;
    }
  }

  function take(request: Message & { readonly kind: 'request' }): void {
    const { id } = request;
    const refusal = open.has(id)
      ? 'this id is in use'
      : open.size >= MOST_REQUESTS
        ? 'too many are open'
        : undefined;
    if (refusal !== undefined) {
      const error = { code: INVALID_REQUEST, message: `Cannot take the request: ${refusal}` };
      send(id, { error });
      return;
    }
    const controller = new AbortController();
    const done = replyTo({ version, call }, request, controller.signal)
      .catch((error: unknown): Reply => {
        world.complain(`orderly: this is a bug: ${error instanceof Error ? error.stack : String(error)}`);
        return { error: { code: INTERNAL_ERROR, message: 'This is a bug of orderly; stderr has more' } };
      })
      .then((reply) => {
        open.delete(id);
        // Nothing may be answered to what was cancelled.
        if (!controller.signal.aborted) send(id, reply);
      });
    open.set(id, { done, abort: () => controller.abort() });
  }
}

/** A request that is not answered yet. */
interface Open {
  readonly done: Promise<void>;
  readonly abort: () => void;
}

const TOO_LONG: Message = {
  kind: 'invalid',
  problem: { code: INVALID_REQUEST, message: `A message may have ${MOST_BYTES} bytes` },
};
