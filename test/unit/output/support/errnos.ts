/** What write(2) may say, and what of it means that nobody will ever read. */
export const ERRNOS = [
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EBADF',
  'EIO',
  'EPIPE',
  'ENXIO',
  'EACCES',
  'EPERM',
  'EROFS',
  'EINVAL',
  'EISDIR',
  'ENOMEM',
  'ENOBUFS',
  'ESTALE',
  'ENOTCONN',
  'EDESTADDRREQ',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
] as const;

export const GONE: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'ECONNRESET']);

export function errno(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: said the system`), { code });
}
