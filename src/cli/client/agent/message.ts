/**
 * A line as a message of JSON-RPC 2.0, as the Model Context Protocol narrows it: ids are texts or whole numbers, parameters are
 * objects, and there are no batches. Pure.
 */

export type RequestId = string | number;
export type Params = Readonly<Record<string, unknown>>;

/** Why a request can't be answered: a code of the protocol, and a sentence. */
export interface Problem {
  readonly code: number;
  readonly message: string;
  readonly data?: object;
}

export type Message =
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string; readonly params: Params }
  | { readonly kind: 'notification'; readonly method: string; readonly params: Params }
  /** To something that was never asked. */
  | { readonly kind: 'answer' }
  /** `id` is missing where it can't be read. */
  | { readonly kind: 'invalid'; readonly id?: RequestId; readonly problem: Problem };

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

/** The line without its end. */
export function parseMessage(line: string): Message {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch (error) {
    return invalid(PARSE_ERROR, `Cannot parse the line: ${(error as SyntaxError).message}`);
  }
  if (Array.isArray(given))
    return invalid(
      INVALID_REQUEST,
      'Batches are no part of the protocol: send each message in a line of its own',
    );
  if (!isObject(given)) return invalid(INVALID_REQUEST, 'A message must be a JSON object');
  const { jsonrpc, id, method, params = {} } = given;
  if (jsonrpc !== '2.0') return invalid(INVALID_REQUEST, '"jsonrpc" must be "2.0"', id);
  if (typeof method !== 'string')
    return 'result' in given || 'error' in given
      ? { kind: 'answer' }
      : invalid(INVALID_REQUEST, '"method" must be a text', id);
  // Nothing may be answered to one, whatever is wrong with it.
  if (!('id' in given)) return { kind: 'notification', method, params: isObject(params) ? params : {} };
  if (!isId(id)) return invalid(INVALID_REQUEST, '"id" must be a text or a whole number');
  if (!isObject(params)) return invalid(INVALID_PARAMS, '"params" must be an object', id);
  return { kind: 'request', id, method, params };
}

function invalid(code: number, message: string, id?: unknown): Message {
  return { kind: 'invalid', ...(isId(id) && { id }), problem: { code, message } };
}

export function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(id: unknown): id is RequestId {
  return typeof id === 'string' || Number.isSafeInteger(id);
}
