/**
 * Datagram sockets with a path, by way of the C library: what Node lacks for sd_notify.
 *
 * A message comes with the pid that the kernel vouches for. Descriptors that are passed along are never taken: there
 * is room for the sender's credentials alone, so the kernel closes them with the receipt of the message (recvmsg(2),
 * MSG_CTRUNC). That is just what the sender of a `BARRIER=1` waits for: all before it has been dealt with by then.
 */
import { type Koffi, type Native, type NativeTrouble, nativeTrouble } from '../native.ts';

export interface Datagram {
  /** 0: it can't be seen from here. */
  readonly sender: number;
  /** Its user, which the kernel vouches for too. */
  readonly uid: number;
  /** Belongs to the receiver until the next `receive` only. */
  readonly bytes: Buffer;
  /** It was longer than a message may be; the rest is lost. */
  readonly isCut: boolean;
}

export interface Datagrams {
  /** A socket of that path, owned by the caller, which sends us SIGIO when something comes; or the error's name. */
  bind(path: string): { readonly fd: number } | { readonly error: string };
  /** Undefined: nothing is there now. */
  receive(fd: number): Datagram | undefined;
  /** Whether some process has a socket bound to that path. */
  isServed(path: string): boolean;
  /** Sends a message to a socket of that path; one that begins with `@` is abstract (unix(7)). False: nobody takes it. */
  send(path: string, message: string): boolean;
}

/** The longest path of a socket, in bytes (unix(7)); one more is the NUL at its end. */
export const LONGEST_PATH = 107;
/** systemd takes 4 KiB; senders have room for 200. */
const LONGEST_MESSAGE = 65_536;

// Where there is no trouble they are the same: include/uapi/asm-generic.
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_PASSCRED = 16;
const F_SETFL = 4;
const F_SETOWN = 8;
const O_NONBLOCK = 0o4000;
const O_ASYNC = 0o20000;
const MSG_TRUNC = 0x20;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x4000_0000;
const SCM_CREDENTIALS = 2;
/** The kernel's word for a user that can't be told here (user_namespaces(7)). */
const NOBODY = 65_534;

/** Why there are none here; undefined: there are. */
export function datagramTrouble(native: Native): NativeTrouble | undefined {
  return nativeTrouble(native, 'use "notify: fd", "log" or "tcp"');
}

type Here = Extract<Native, { readonly kind: 'here' }>;

let made: Datagrams | undefined;

/** One set of buffers serves the whole process. Call it only where there is no trouble. */
export function loadDatagrams(native: Here): Datagrams {
  made ??= createDatagrams(native);
  return made;
}

function createDatagrams({ koffi, libc }: Here): Datagrams {
  const socket = libc.func('socket', 'int', ['int', 'int', 'int']);
  const bindTo = libc.func('bind', 'int', ['int', 'uint8_t *', 'uint32_t']);
  const connectTo = libc.func('connect', 'int', ['int', 'uint8_t *', 'uint32_t']);
  const sendTo = libc.func('sendto', 'long', ['int', 'uint8_t *', 'size_t', 'int', 'uint8_t *', 'uint32_t']);
  const setOption = libc.func('setsockopt', 'int', ['int', 'int', 'int', 'int *', 'uint32_t']);
  const control = libc.func('int fcntl(int, int, ...)');
  const close = libc.func('close', 'int', ['int']);
  const receiveMessage = createReceive(koffi, libc);

  const failed = (fd?: number): { readonly error: string } => {
    const error = errorName(koffi, koffi.errno());
    if (fd !== undefined) close(fd);
    return { error };
  };

  return {
    bind(path) {
      const fd: number = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (fd < 0) return failed();
      const address = socketAddress(path);
      const isBound =
        setOption(fd, SOL_SOCKET, SO_PASSCRED, [1], 4) === 0 &&
        control(fd, F_SETOWN, 'int', process.pid) === 0 &&
        control(fd, F_SETFL, 'int', O_NONBLOCK | O_ASYNC) === 0 &&
        bindTo(fd, address, address.length) === 0;
      return isBound ? { fd } : failed(fd);
    },
    receive: receiveMessage,
    send(path, message) {
      const fd: number = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (fd < 0) return false;
      const address = path.startsWith('@') ? abstractAddress(path) : socketAddress(path);
      const bytes = Buffer.from(message);
      const sent = Number(sendTo(fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length));
      close(fd);
      return sent === bytes.length;
    },
    isServed(path) {
      const fd: number = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (fd < 0) return true;
      const address = socketAddress(path);
      const isRefused =
        connectTo(fd, address, address.length) !== 0 && errorName(koffi, koffi.errno()) === 'ECONNREFUSED';
      close(fd);
      return !isRefused;
    },
  };
}

/** One buffer, and the structures that lead to it, for every message there will be. */
function createReceive(koffi: Koffi, libc: Here['libc']): Datagrams['receive'] {
  const Vector = koffi.struct({ base: 'void *', length: 'size_t' });
  const Credentials = koffi.struct({
    ...{ length: 'size_t', level: 'int', type: 'int' },
    ...{ pid: 'int', uid: 'uint32_t', gid: 'uint32_t' },
  });
  const Header = koffi.struct({
    ...{ name: 'void *', nameLength: 'uint32_t', vectors: 'void *', vectorCount: 'size_t' },
    ...{ control: 'void *', controlLength: 'size_t', flags: 'int' },
  });
  const recvmsg = libc.func('recvmsg', 'long', ['int', 'void *', 'int']);
  const data = koffi.alloc('uint8_t', LONGEST_MESSAGE);
  const vectors = koffi.alloc(Vector, 1);
  const credentials = koffi.alloc(Credentials, 1);
  const header = koffi.alloc(Header, 1);
  koffi.encode(vectors, Vector, { base: data, length: LONGEST_MESSAGE });
  const room = { name: null, nameLength: 0, vectors, vectorCount: 1, control: credentials };
  const fresh = { ...room, controlLength: koffi.sizeof(Credentials), flags: 0 };
  const bytes = Buffer.from(koffi.view(data, LONGEST_MESSAGE));

  return (fd) => {
    koffi.encode(header, Header, fresh);
    // What is there, or nothing: the socket doesn't block. An error of another kind also means that nothing is.
    const length = Number(recvmsg(fd, header, MSG_CMSG_CLOEXEC));
    if (length < 0) return undefined;
    const { flags, controlLength } = koffi.decode(header, Header);
    const sent = Number(controlLength) === 0 ? undefined : koffi.decode(credentials, Credentials);
    const isTold = sent?.level === SOL_SOCKET && sent.type === SCM_CREDENTIALS;
    const [sender, uid] = isTold ? [sent.pid, sent.uid] : [0, NOBODY];
    return { sender, uid, bytes: bytes.subarray(0, length), isCut: (flags & MSG_TRUNC) !== 0 };
  };
}

/** `struct sockaddr_un`. */
function socketAddress(path: string): Buffer {
  const family = Buffer.alloc(2);
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) family.writeUInt16LE(AF_UNIX);
  else family.writeUInt16BE(AF_UNIX);
  return Buffer.concat([family, Buffer.from(path), Buffer.alloc(1)]);
}

/** Its name begins with a NUL, and has none at its end. */
function abstractAddress(path: string): Buffer {
  const address = socketAddress(path).subarray(0, -1);
  address[2] = 0;
  return address;
}

function errorName({ os }: Koffi, number: number): string {
  return Object.entries(os.errno).find(([, value]) => value === number)?.[0] ?? `error ${number}`;
}
