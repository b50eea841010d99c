/**
 * What each method of the Model Context Protocol is answered, in both of its eras.
 */
import { INVALID_PARAMS, isObject, METHOD_NOT_FOUND, type Params, type Problem } from './message.ts';
import { eraOf, MODERN, negotiateVersion } from './revision.ts';
import { problemsOf } from './schema.ts';
import { type Told, toolResult } from './tool-result.ts';
import { TOOLS, type Tool } from './tools.ts';

export type Reply = { readonly result: object } | { readonly error: Problem };

export interface Agent {
  readonly version: string;
  /** Does what the tool is for; the arguments are good. */
  readonly call: (tool: Tool, given: Params, signal: AbortSignal) => Promise<Told>;
}

/** Rejects only for bugs. `signal` is aborted when nobody waits for it any more. */
export async function replyTo(
  agent: Agent,
  { method, params }: { readonly method: string; readonly params: Params },
  signal: AbortSignal,
): Promise<Reply> {
  const era = eraOf(method, params);
  if (era.kind === 'refused') return { error: era.problem };
  const reply = await (era.kind === 'modern' ? modern : handshake)(agent, method, params, signal);
  return (
    reply ?? { error: { code: METHOD_NOT_FOUND, message: `There is no method ${JSON.stringify(method)}` } }
  );
}

type Methods = (
  agent: Agent,
  method: string,
  params: Params,
  signal: AbortSignal,
) => Promise<Reply | undefined>;

const handshake: Methods = async (agent, method, params, signal) => {
  if (method === 'ping') return { result: {} };
  if (method !== 'initialize') return tools(agent, method, params, signal);
  const protocolVersion = negotiateVersion(params.protocolVersion);
  return { result: { protocolVersion, ...ABOUT, serverInfo: serverInfo(agent) } };
};

const modern: Methods = async (agent, method, params, signal) => {
  const reply =
    method === 'server/discover'
      ? { result: { supportedVersions: [MODERN], ...ABOUT } }
      : await tools(agent, method, params, signal);
  if (reply === undefined || 'error' in reply) return reply;
  const isKept = method !== 'tools/call';
  return {
    result: {
      ...{ resultType: 'complete', ...reply.result },
      // As long as it runs it has the same tools.
      ...(isKept && { ttlMs: 3_600_000, cacheScope: 'public' }),
      _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo(agent) },
    },
  };
};

/** What both eras have in common. */
const tools: Methods = async ({ call }, method, params, signal) => {
  if (method === 'tools/list')
    return params.cursor === undefined
      ? { result: { tools: TOOLS } }
      : wrong('There is one page of tools: leave "cursor" out');
  if (method !== 'tools/call') return undefined;
  const { name, arguments: given = {} } = params;
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined)
    return wrong(
      `Unknown tool: ${JSON.stringify(name)}; there are ${TOOLS.map((one) => one.name).join(', ')}`,
    );
  if (!isObject(given)) return wrong('"arguments" must be an object');
  const problems = problemsOf(tool.inputSchema, given);
  // A model can mend these: they are told as what the tool says.
  if (problems.length > 0)
    return { result: toolResult({ lines: [`Cannot ${tool.name}: ${problems.join('; ')}`], isError: true }) };
  return { result: toolResult(await call(tool, given, signal)) };
};

const ABOUT = {
  capabilities: { tools: {} },
  instructions:
    'orderly runs the services of this project (supervisor.yaml) in the order of their dependencies. Begin with status; ask why about ' +
    'what is not ready; see what a request does with plan before stop, restart or reload; run a test or a script that needs services ' +
    'with run. Each answer names the call that helps next. ' +
    'A run is started by a person or in the background with: orderly up',
};

function serverInfo({ version }: Agent): object {
  return { name: 'orderly', title: 'orderly', version };
}

function wrong(message: string): Reply {
  return { error: { code: INVALID_PARAMS, message } };
}
