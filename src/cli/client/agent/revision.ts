/**
 * Which revision of the Model Context Protocol a request is of. Pure.
 *
 * Since 2026-07-28 each request says so itself, and nothing is remembered between two of them; before, `initialize` agreed on one.
 * Both kinds of clients are served, side by side.
 */
import { INVALID_PARAMS, isObject, type Params, type Problem } from './message.ts';

export const MODERN = '2026-07-28';

/** The newest first. 2025-03-26 is left out: it alone has batches. */
const WITH_HANDSHAKE = ['2025-11-25', '2025-06-18', '2024-11-05'] as const;

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const UNSUPPORTED_VERSION = -32022;

export type Era =
  | { readonly kind: 'handshake' | 'modern' }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * What `initialize` answers: the revision that was asked for; else the next older one, which a client of an unknown one may know;
 * else the newest.
 */
export function negotiateVersion(asked: unknown): string {
  return WITH_HANDSHAKE.find((version) => typeof asked === 'string' && version <= asked) ?? WITH_HANDSHAKE[0];
}

export function eraOf(method: string, params: Params): Era {
  const meta = isObject(params._meta) ? params._meta : {};
  const version = meta[VERSION];
  if (version === undefined && method !== 'server/discover') return { kind: 'handshake' };
  if (typeof version !== 'string') return refused(INVALID_PARAMS, `"_meta" must have the text "${VERSION}"`);
  if (version !== MODERN)
    return refused(UNSUPPORTED_VERSION, 'Unsupported protocol version', {
      supported: [MODERN],
      requested: version,
    });
  if (!isObject(meta[CAPABILITIES]))
    return refused(INVALID_PARAMS, `"_meta" must have the object "${CAPABILITIES}"`);
  return { kind: 'modern' };
}

function refused(code: number, message: string, data?: object): Era {
  return { kind: 'refused', problem: { code, message, ...(data !== undefined && { data }) } };
}
