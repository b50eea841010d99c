/**
 * Reading a text file, with the reason in words when it can't be read.
 */

/** Gives the text of a file, or throws as `fs.readFileSync` does, with the `code` of the system. */
export type FileReader = (path: string) => string;

export type ReadText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string; readonly isMissing: boolean };

const BYTE_ORDER_MARK = '\uFEFF';

/** The text without a byte order mark, or why there is none. Only errors of the file system are expected. */
export function tryToRead(path: string, readFile: FileReader): ReadText {
  try {
    const text = readFile(path);
    return { ok: true, text: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return { ok: false, why: WHY[code] ?? code, isMissing: code === 'ENOENT' || code === 'ENOTDIR' };
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its symbolic links lead in a circle',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
