/**
 * `orderly agent` in the folder of a run, for one test: by the protocol's own client, or line by line for what such a client never
 * sends. Nothing of it is left when the test ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { type CallToolResult, Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { cleanEnvironment } from './clean-environment.ts';
import { orderlyBin } from './orderly-bin.ts';

export interface ToolAnswer {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

export interface AgentClient {
  readonly client: Client;
  readonly call: (name: string, given?: Record<string, unknown>, signal?: AbortSignal) => Promise<ToolAnswer>;
}

/** `legacy` shakes hands; `auto` asks for the revision without. The environment is the little that such clients hand on. */
export async function connectAgent(
  t: TestContext,
  cwd: string,
  mode: 'legacy' | 'auto' = 'auto',
): Promise<AgentClient> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [orderlyBin, 'agent'],
    cwd,
    stderr: 'inherit',
  });
  t.after(() => client.close());
  await client.connect(transport);
  return {
    client,
    async call(name, given = {}, signal) {
      const options = signal === undefined ? {} : { signal };
      return answerOf(await client.callTool({ name, arguments: given }, options));
    },
  };
}

function answerOf({ content, structuredContent, isError = false }: CallToolResult): ToolAnswer {
  const [first] = content;
  return {
    text: first?.type === 'text' ? first.text : '',
    data: structuredContent as ToolAnswer['data'],
    isError,
  };
}

export interface RawAgent {
  readonly write: (...messages: readonly (string | object)[]) => void;
  /** The next message; rejects at the end. */
  readonly next: () => Promise<RawMessage>;
  readonly closeStdin: () => void;
  /** By SIGKILL. */
  readonly kill: () => void;
  /** With what was not read yet. */
  readonly ended: Promise<{ readonly status: number | null; readonly rest: readonly RawMessage[] }>;
}

export interface RawMessage {
  readonly jsonrpc: '2.0';
  readonly id?: string | number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** Every line that it writes must be a message. */
export function rawAgent(t: TestContext, cwd: string): RawAgent {
  const child: ChildProcess = spawn(process.execPath, [orderlyBin, 'agent'], {
    ...{ cwd, env: cleanEnvironment() },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async (): Promise<RawMessage> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('it has ended');
    return JSON.parse(value);
  };
  const ended = once(child, 'close').then(async ([status]) => {
    const rest: RawMessage[] = [];
    for (let { value, done } = await lines.next(); !done; { value, done } = await lines.next())
      rest.push(JSON.parse(value));
    return { status, rest };
  });
  return {
    write(...messages) {
      for (const one of messages)
        child.stdin!.write(`${typeof one === 'string' ? one : JSON.stringify({ jsonrpc: '2.0', ...one })}\n`);
    },
    next,
    closeStdin: () => void child.stdin!.end(),
    kill: () => void child.kill('SIGKILL'),
    ended,
  };
}
