/**
 * The text of a file, exactly, or the reason in words why there is none, with its place where it has one.
 *
 * UTF-8, with or without a byte order mark, and UTF-16 with one (Windows PowerShell writes it). A service must not get
 * another password than the file has: bytes that are no text are not replaced, but refused.
 */
import { isUtf8 } from 'node:buffer';
import { type Place, placeAt } from './diagnostics/diagnostic.ts';

/**
 * Gives the text of a file, or better its bytes (what is no UTF-8 is told then); or throws as `fs.readFileSync` does,
 * with the `code` of the system. `only`: nobody named the file on a command line; a reader may refuse what is no regular
 * file then (a pipe, a device), with the code `NOT_REGULAR`.
 */
export type FileReader = (path: string, only?: 'regular') => string | Uint8Array;

export type ReadText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly why: string;
      readonly isMissing: boolean;
      readonly place: Place | undefined;
    };

/** What helps where it is no text. */
export const ENCODING_HINT = 'Save it in UTF-8';

/** The text without a byte order mark, or why there is none. Only errors of the file system are expected. */
export function tryToRead(path: string, readFile: FileReader, only?: 'regular'): ReadText {
  let read: string | Uint8Array;
  try {
    read = readFile(path, only);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    return { ok: false, why: Object.hasOwn(WHY, code) ? WHY[code]! : code, isMissing, place: undefined };
  }
  const decoded = decodeText(read);
  if (decoded.ok) return decoded;
  const { why, text, offset } = decoded;
  return { ok: false, why, isMissing: false, place: { ...placeAt(path, text, offset, 1), lineText: '' } };
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
  ERR_STRING_TOO_LONG: 'it is too large',
  NOT_REGULAR: 'it is no regular file',
  ENXIO: 'it is no regular file',
  ERR_INVALID_ARG_VALUE: 'no file can have that name',
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export type Decoded =
  | { readonly ok: true; readonly text: string }
  /** `why` is a clause; `text` is what could be read, and `offset` where in it the trouble is. */
  | { readonly ok: false; readonly why: string; readonly text: string; readonly offset: number };

const BYTE_ORDER_MARK = '\uFEFF';

/** A text is taken as it is, but for its byte order mark. */
export function decodeText(read: string | Uint8Array): Decoded {
  if (typeof read === 'string') return withoutNul(withoutMark(read));
  const wide = wideEncoding(read);
  if (wide !== undefined) return decodeWide(read, wide);
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return withoutNul(withoutMark(text));
  const at = firstDifference(bytes, Buffer.from(text));
  const before = bytes.toString('utf8', 0, at);
  const hex = bytes[at]!.toString(16).padStart(2, '0');
  const start = before.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  return {
    ok: false,
    why: `it is not in UTF-8: there is the byte 0x${hex}`,
    text: text.slice(start),
    offset: before.length - start,
  };
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function withoutNul(text: string): Decoded {
  const offset = text.indexOf('\0');
  if (offset === -1) return { ok: true, text };
  // Every other byte of it is one, if most of it is ASCII.
  const start = text.slice(0, 200);
  const count = start.split('\0').length - 1;
  const isWide = count > 1 && count >= start.length / 4;
  const why = isWide
    ? 'there is a NUL character: perhaps it is in UTF-16 without a byte order mark'
    : 'there is a NUL character';
  return { ok: false, why, text, offset };
}

function wideEncoding([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

function decodeWide(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Decoded {
  let text: string;
  try {
    text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  } catch {
    // A Node without the tables of ICU.
    return { ok: false, why: 'it is in UTF-16', text: '', offset: 0 };
  }
  if (bytes.length % 2 === 0 && sameWide(text, bytes, encoding)) return withoutNul(withoutMark(text));
  const offset = Math.max(0, firstReplaced(text) - 1);
  return { ok: false, why: 'it is not whole UTF-16', text: withoutMark(text), offset };
}

/** Whether nothing was replaced. */
function sameWide(text: string, bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): boolean {
  const again = Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') again.swap16();
  return again.equals(bytes);
}

function firstReplaced(text: string): number {
  const at = text.indexOf('\uFFFD');
  return at === -1 ? text.length : at;
}

function firstDifference(one: Uint8Array, other: Uint8Array): number {
  let at = 0;
  while (at < one.length - 1 && one[at] === other[at]) at += 1;
  return at;
}
