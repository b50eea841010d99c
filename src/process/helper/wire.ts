/**
 * Frames to and from the helper, as `src/native/README.md` describes them. Pure.
 */
import type { DirectRights } from '../rights-ports.ts';

export const WIRE_VERSION = 2;
/** As many slots as the helper has. */
export const MOST_CHILDREN = 16_384;
export const MOST_OUTLETS = 4;
const MOST_GROUPS = 1024;
const MOST_LIMITS = 16;
const FRAME_BYTES = 4 << 20;
/** Its vectors for execve(2). */
const MOST_WORDS = 65_536;

/** What a stream of a child is: nothing, /dev/null, a pipe that we read, one that stays open and empty, its file. */
export type HelperStream = 'closed' | 'null' | 'outlet' | 'inlet' | 'file';
const STREAMS: readonly HelperStream[] = ['closed', 'null', 'outlet', 'inlet', 'file'];

export interface HelperSpawn {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** By descriptor, from 0 on. */
  readonly streams: readonly HelperStream[];
  /** What its streams of that kind are. */
  readonly file?: HelperFile | undefined;
  readonly rights?: DirectRights | undefined;
  readonly ownSession: boolean;
  /** A folder that it is born in; undefined: in that of the helper. */
  readonly cgroup: string | undefined;
}

export interface HelperFile {
  readonly path: string;
  /** It becomes the terminal of its session; else it is appended to. */
  readonly isTerminal: boolean;
}

export interface HelperSignal {
  readonly slot: number;
  readonly signal: number;
  readonly toGroup: boolean;
  /** Whoever is stopped goes on. */
  readonly thenContinue: boolean;
  /** Where nobody but the child itself may be. */
  readonly cgroup: string;
}

/** What the helper tells. */
export type Told =
  | { readonly kind: 'hello'; readonly version: number; readonly isSubreaper: boolean }
  | {
      readonly kind: 'forked';
      readonly slot: number;
      readonly pid: number;
      readonly startTicks: number;
      readonly outlets: readonly number[];
    }
  | { readonly kind: 'executed'; readonly slot: number; readonly isOutside: boolean }
  /** Nothing of it is left. */
  | { readonly kind: 'refused'; readonly slot: number; readonly step: number; readonly errno: number }
  | {
      readonly kind: 'ended';
      readonly slot: number;
      /** As waitpid(2) gives it. */
      readonly status: number;
      readonly cpuMs: number;
      readonly peakBytes: number;
    }
  /** It was not signalled. */
  | { readonly kind: 'not-alone'; readonly slot: number }
  | { readonly kind: 'adopted-ended'; readonly pid: number; readonly status: number };

const SESSION = 1;
const IDS = 2;
const UMASK = 4;
const NICE = 8;
const TERMINAL = 16;
const TO_GROUP = 1;
const THEN_CONTINUE = 2;
const SUBREAPER = 1;
const LOWER_SUPERVISOR = 1;

/** A bug of the helper, or something else that speaks in its place. */
export class WireError extends Error {}

export const helloFrame = (asSubreaper: boolean): Buffer =>
  frame('H', wordBytes([WIRE_VERSION, asSubreaper ? SUBREAPER : 0]));

/** The soft limit of open files that children get, and whether the supervisor gets it as well. */
export const filesFrame = (soft: number, andSupervisor: boolean): Buffer =>
  frame('L', wordBytes([soft, andSupervisor ? LOWER_SUPERVISOR : 0]));

/** What becomes of outlets is ours. */
export const closeFrame = (slots: readonly number[]): Buffer => frame('C', wordBytes(slots));

/** Their end was heard. */
export const reapFrame = (slots: readonly number[]): Buffer => frame('R', wordBytes(slots));

/** For each that nobody else is in the cgroup of; of the others it is told. */
export const signalFrame = (signals: readonly HelperSignal[]): Buffer =>
  frame(
    'K',
    Buffer.concat(
      signals.flatMap(({ slot, signal, toGroup, thenContinue, cgroup }) => [
        wordBytes([slot, signal, (toGroup ? TO_GROUP : 0) | (thenContinue ? THEN_CONTINUE : 0)]),
        terminated([cgroup]),
      ]),
    ),
  );

/** Cgroups that are empty, to be removed. */
export const vacateFrame = (folders: readonly string[]): Buffer => frame('V', terminated(folders));

/** Lines for the guardian. */
export const guardFrame = (lines: string): Buffer => frame('G', Buffer.from(lines));

export const quitFrame = (): Buffer => frame('Q', Buffer.alloc(0));

/** Undefined: it can't be said in a frame, as hardly a system would accept it. */
export function spawnFrame(slot: number, spawn: HelperSpawn): Buffer | undefined {
  const { argv, cwd, env, streams, file, rights = {}, ownSession, cgroup = '' } = spawn;
  const { ids, umask, nice, limits = [] } = rights;
  const places = `${cwd}\0${cgroup}\0${file?.path ?? ''}\0`;
  const words = argv.join('\0');
  let variables = '';
  let variableCount = 0;
  // One text, of which each name and value is a part: that makes a service's start much cheaper than a list of its variables.
  for (const name in env) {
    variables += `${name}=${env[name]}\0`;
    variableCount += 1;
  }
  const isSound = countNuls(places) === 3 && countNuls(words) === argv.length - 1;
  if (argv.length === 0 || !isSound || countNuls(variables) !== variableCount) return undefined;
  if (argv.length + variableCount >= MOST_WORDS) return undefined;
  if ((ids?.groups.length ?? 0) > MOST_GROUPS || limits.length > MOST_LIMITS) return undefined;
  const flags =
    (ownSession ? SESSION : 0) |
    (ids === undefined ? 0 : IDS) |
    (umask === undefined ? 0 : UMASK) |
    (nice === undefined ? 0 : NICE) |
    (file?.isTerminal ? TERMINAL : 0);
  const kinds = streams.map((stream) => STREAMS.indexOf(stream));
  const groups = ids?.groups ?? [];
  const payload = Buffer.concat([
    wordBytes([slot, flags, ids?.uid ?? 0, ids?.gid ?? 0, umask ?? 0, nice ?? 0]),
    wordBytes([groups.length, ...groups, limits.length]),
    wordBytes(limits.flatMap(({ resource, soft, hard }) => [resource, ...long(soft), ...long(hard)])),
    wordBytes([kinds.length, ...kinds]),
    Buffer.from(places),
    wordBytes([argv.length]),
    Buffer.from(`${words}\0`),
    wordBytes([variableCount]),
    Buffer.from(variables),
  ]);
  return payload.length >= FRAME_BYTES ? undefined : frame('S', payload);
}

/** Gives what is told, whole frame by whole frame, of chunks that are cut anywhere. Throws a `WireError`. */
export function createFrameReader(): (chunk: Buffer) => readonly Told[] {
  let rest: Buffer | undefined;
  return (chunk) => {
    let bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    const told: Told[] = [];
    for (;;) {
      if (bytes.length < 5) break;
      const end = 4 + wordAt(bytes, 0);
      if (end < 5 || end > FRAME_BYTES) throw new WireError(`a frame of ${end} bytes`);
      if (bytes.length < end) break;
      told.push(toldBy(String.fromCharCode(bytes[4]!), wordsOf(bytes.subarray(5, end))));
      bytes = bytes.subarray(end);
    }
    rest = bytes.length === 0 ? undefined : Buffer.from(bytes);
    return told;
  };
}

function toldBy(kind: string, [a = 0, b = 0, c = 0, ...more]: readonly number[]): Told {
  switch (kind) {
    case 'H':
      return { kind: 'hello', version: a, isSubreaper: c === 1 };
    case 'F': {
      const [high = 0, ...outlets] = more;
      return { kind: 'forked', slot: a, pid: b, startTicks: c + high * 2 ** 32, outlets };
    }
    case 'X':
      return { kind: 'executed', slot: a, isOutside: b === 1 };
    case 'E':
      return { kind: 'refused', slot: a, step: b, errno: c };
    case 'D': {
      const [high = 0, peakKib = 0] = more;
      return {
        kind: 'ended',
        slot: a,
        status: b,
        cpuMs: (c + high * 2 ** 32) / 1000,
        peakBytes: peakKib * 1024,
      };
    }
    case 'M':
      return { kind: 'not-alone', slot: a };
    case 'A':
      return { kind: 'adopted-ended', pid: a, status: b };
    default:
      throw new WireError(`a frame of kind ${JSON.stringify(kind)}`);
  }
}

function countNuls(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\0'); at !== -1; at = text.indexOf('\0', at + 1)) count += 1;
  return count;
}

function frame(kind: string, payload: Buffer): Buffer {
  const head = Buffer.allocUnsafe(5);
  head.writeUInt32LE(payload.length + 1, 0);
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, payload]);
}

/** Little-endian, as the machines are that there is a helper for. */
function wordBytes(numbers: readonly number[]): Buffer {
  return Buffer.from(Uint32Array.from(numbers).buffer);
}

/** Of 64 bits, the lower half first. Infinity: as RLIM_INFINITY. */
function long(number: number): readonly [low: number, high: number] {
  if (number === Number.POSITIVE_INFINITY) return [0xffffffff, 0xffffffff];
  return [number % 2 ** 32, Math.floor(number / 2 ** 32)];
}

function wordsOf(bytes: Buffer): readonly number[] {
  if (bytes.length % 4 !== 0) throw new WireError(`a frame with ${bytes.length} bytes of numbers`);
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at += 4) found.push(wordAt(bytes, at));
  return found;
}

function wordAt(bytes: Buffer, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function terminated(texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\0`).join(''));
}
