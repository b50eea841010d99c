/**
 * What is told to whom when something has happened, as validated. Plain data.
 */

/** What hooks hear of: of one service, or of the whole graph. */
export type HookEvent = 'ready' | 'failed' | 'restarted' | 'unhealthy';

/** A command, all of which is known before anything is started. */
export type PlainCommand =
  | { readonly kind: 'exec'; readonly argv: readonly string[] }
  | { readonly kind: 'shell'; readonly script: string };

/** What is run, or where a small JSON object is sent, when something has happened; for so many milliseconds at most. */
export type Hook =
  | { readonly kind: 'command'; readonly run: PlainCommand; readonly timeoutMs: number }
  | { readonly kind: 'webhook'; readonly url: string; readonly timeoutMs: number };

/** Those that are run, by what they hear of. The library runs none. */
export type Hooks = Readonly<Partial<Record<HookEvent, Hook>>>;
