/**
 * A short name of a project, for folders: the same for the same one. Pure.
 *
 * 64 bits of FNV-1a: what hashes for security takes milliseconds to load.
 */
const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * In hexadecimal. Two projects may have the same one: what lies there tells its own. Containers may share a folder, but their pids mean
 * nothing to each other: where that counts the pid namespace is part of it.
 */
export function projectKey(identity: string, namespace = ''): string {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(`${namespace}\0${identity}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return hash.toString(16).padStart(16, '0');
}
