/**
 * The secret that a client at the TCP listener must know. It lies in a file that only one user can read, and is told
 * nowhere else.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';

/** Twice what nobody guesses. */
const TOKEN_BYTES = 32;
/** 128 bits take so many characters, in base64. */
const LEAST_CHARACTERS = 22;
const MOST_BYTES = 4096;
/** As a header can have it (RFC 6750, 2.1). */
const TOKEN = /^[\w\-.~+/]+=*$/;

/** Makes one that nobody has had, in a new file of ours alone. Throws the system's error if the file can't be made. */
export function makeToken(path: string): string {
  removeToken(path);
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}

/** Harmless when repeated. */
export function removeToken(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone.
  }
}

/** One that was given to us, by a file; or why it is none, a clause with its remedy. `uid`: our user. Never throws. */
export function readToken(
  path: string,
  uid: number | undefined,
): { readonly token: string } | { readonly why: string } {
  try {
    return readPrivately(path, uid);
  } catch (error) {
    return { why: (error as Error).message };
  }
}

function readPrivately(path: string, uid: number | undefined): ReturnType<typeof readToken> {
  // Of a pipe nobody would ever open the other end.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { why: 'it is no regular file' };
    if ((stats.mode & 0o077) !== 0) return { why: 'others can read it; let it be yours alone: chmod 600' };
    if (uid !== undefined && stats.uid !== uid && stats.uid !== 0)
      return { why: `it is of another user (${stats.uid}), who can read it` };
    if (stats.size > MOST_BYTES) return { why: `it has more than ${MOST_BYTES} bytes` };
    const token = readFileSync(descriptor, 'utf8').trim();
    if (token.length < LEAST_CHARACTERS || !TOKEN.test(token))
      return {
        why: `it must have one line, of at least ${LEAST_CHARACTERS} letters, digits and -._~+/; make it with: openssl rand -hex 32`,
      };
    return { token };
  } finally {
    closeSync(descriptor);
  }
}
