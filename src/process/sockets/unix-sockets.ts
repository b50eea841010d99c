/**
 * The Unix sockets that have a name, as `/proc/net/unix` lists them. Pure.
 */

export interface UnixSocket {
  readonly inode: string;
  readonly isListening: boolean;
  /** As it was bound: it may be relative to a folder that isn't told, or seen from another root. */
  readonly path: string;
}

/** `__SO_ACCEPTCON` of linux/net.h. */
const LISTENS = 0x10000;
const LINE = /^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]+) [0-9A-F]+ [0-9A-F]+ +(\d+) (.+)$/;

export function parseUnixSockets(table: string): readonly UnixSocket[] {
  return table.split('\n').flatMap((line) => {
    const [, flags = '', inode = '', path] = LINE.exec(line) ?? [];
    if (path === undefined) return [];
    return [{ inode, path, isListening: (Number.parseInt(flags, 16) & LISTENS) !== 0 }];
  });
}

/** Those that may be the one at an absolute path: bound by that name, else by a relative one that can mean it. */
export function listenersAt(sockets: readonly UnixSocket[], path: string): readonly UnixSocket[] {
  const listening = sockets.filter(({ isListening }) => isListening);
  const named = listening.filter((socket) => socket.path === path);
  if (named.length > 0) return named;
  return listening.filter((socket) => {
    const relative = socket.path.replace(/^(?:\.\/)+/, '');
    return !/^[/@]/.test(relative) && !relative.includes('../') && path.endsWith(`/${relative}`);
  });
}
