/**
 * The notify sockets of a run: hears when something comes, and passes it on in the order in which it came.
 *
 * SIGIO says that something is there. A look each second stands in for one that is missed, but only while somebody is
 * waited for. A flood is read in turns with pauses between them, so that the loop hears signals and other services, and
 * who floods it waits for us and not we for him.
 */
import { closeSync } from 'node:fs';
import { loadNative } from '../native.ts';
import type { PossibleUsers } from '../tree/members/possible-users.ts';
import { type Datagram, type Datagrams, datagramTrouble, loadDatagrams } from './notify-datagrams.ts';
import { type BoundSocket, createNotifyFolder, type NotifyFolder } from './notify-folder.ts';

export interface NotifySocket {
  readonly path: string;
  /** Passes on what comes from now on, and what has come already. */
  attach(receive: (datagram: Datagram) => void): void;
  /** Whether what comes is waited for, so that it must not be missed. */
  expect(isExpected: boolean): void;
  /** Passes on what is there. */
  drain(): void;
  /** Passes on what is there, then closes and removes its name. Harmless when repeated. */
  close(): void;
}

export interface NotifySockets {
  /** A socket of its own for an instance of such users, owned by the caller; or why there is none, a clause. Never rejects. */
  open(users: PossibleUsers): Promise<NotifySocket | { readonly why: string }>;
}

/** What one socket may say in one turn of the loop. */
const MESSAGES_A_TURN = 64;
/** What is read of a socket that is closed: as much as the kernel queues (net.unix.max_dgram_qlen), and some. */
const LAST_MESSAGES = 1024;
/** More than 64 messages at once are no news of a service; what is sent meanwhile waits in the kernel. */
const FLOOD_PAUSE_MS = 5;
const SAFETY_POLL_MS = 1000;

interface Ear {
  readonly fd: number;
  receive: ((datagram: Datagram) => void) | undefined;
  isExpected: boolean;
}

export function createNotifySockets(): NotifySockets {
  const ears = new Set<Ear>();
  let datagrams: Datagrams | undefined;
  let folder: NotifyFolder | undefined;
  let isInTurn = false;
  let polling: NodeJS.Timeout | undefined;
  let forget: (() => void) | undefined;

  /** Passes on at most so many; whether there may be more. */
  const hear = (ear: Ear, most: number): boolean => {
    for (let heard = 0; heard < most; heard++) {
      if (ear.receive === undefined || !ears.has(ear)) return false;
      const datagram = datagrams?.receive(ear.fd);
      if (datagram === undefined) return false;
      ear.receive(datagram);
    }
    return true;
  };

  const hearAll = (): void => {
    if (isInTurn || [...ears].filter((ear) => hear(ear, MESSAGES_A_TURN)).length === 0) return;
    isInTurn = true;
    setTimeout(() => {
      isInTurn = false;
      hearAll();
    }, FLOOD_PAUSE_MS);
  };

  /** Listens and polls just while there is somebody to hear. */
  const settle = (): void => {
    if (ears.size > 0) forget ??= onSigio(hearAll);
    else if (forget !== undefined) {
      forget();
      forget = undefined;
    }
    if ([...ears].some((ear) => ear.isExpected)) polling ??= setInterval(hearAll, SAFETY_POLL_MS);
    else if (polling !== undefined) {
      clearInterval(polling);
      polling = undefined;
    }
  };

  const own = ({ path, fd }: BoundSocket, release: () => void): NotifySocket => {
    const ear: Ear = { fd, receive: undefined, isExpected: false };
    ears.add(ear);
    settle();
    return {
      path,
      attach(receive) {
        ear.receive = receive;
        hearAll();
      },
      expect(isExpected) {
        ear.isExpected = isExpected;
        settle();
      },
      drain: () => void hear(ear, LAST_MESSAGES),
      close() {
        if (!ears.has(ear)) return;
        release();
        hear(ear, LAST_MESSAGES);
        ears.delete(ear);
        settle();
        closeSync(fd);
      },
    };
  };

  return {
    async open(users) {
      const native = await loadNative();
      const trouble = datagramTrouble(native);
      if (native.kind === 'missing' || trouble !== undefined) {
        return { why: trouble === undefined ? native.kind : `${trouble.reason}; ${trouble.remedy}` };
      }
      datagrams ??= loadDatagrams(native);
      folder ??= createNotifyFolder(datagrams);
      const { bind, release } = folder;
      const bound = bind(users);
      return 'why' in bound ? bound : own(bound, () => release(bound.path));
    },
  };
}

/**
 * SIGIO, for whoever has descriptors that send it (fcntl(2), O_ASYNC).
 *
 * Once somebody has listened, the process does so for the rest of its life: without a handler the signal, also one
 * that comes late, would end us.
 */
const listeners = new Set<() => void>();

/** Calls it with each SIGIO, which may stand for many; returns what ends that. Holds up no exit. */
function onSigio(listener: () => void): () => void {
  if (listeners.size === 0 && !process.listeners('SIGIO').includes(tellAll)) process.on('SIGIO', tellAll);
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function tellAll(): void {
  for (const listener of listeners) listener();
}
