/**
 * Reading a text file, with the reason in words when it can't be read, and its place where it has one.
 */
import { decodeText } from './decode-text.ts';
import { placeAt } from './place.ts';
import type { Place } from './problem.ts';

/**
 * Gives the text of a file, or better its bytes (what is no UTF-8 is told then); or throws as `fs.readFileSync` does, with
 * the `code` of the system.
 */
export type FileReader = (path: string) => string | Uint8Array;

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
export function tryToRead(path: string, readFile: FileReader): ReadText {
  let read: string | Uint8Array;
  try {
    read = readFile(path);
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
  ERR_INVALID_ARG_VALUE: 'no file can have that name',
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
