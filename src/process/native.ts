/**
 * System calls that Node lacks, by way of the optional package koffi.
 *
 * Loading it takes 10 to 15 ms and 4 MB, so it is loaded when something needs it. Everything that uses it has to do
 * without: the package may not be installed, and has no binary for every system.
 */
import type koffi from 'koffi';

export type Koffi = typeof koffi;
export type LibraryHandle = ReturnType<Koffi['load']>;

export type Native =
  | {
      readonly kind: 'here';
      readonly koffi: Koffi;
      /** The C library of this process; `func` declares one of its functions. */
      readonly libc: LibraryHandle;
    }
  /** `why` is a clause: what is missing. */
  | { readonly kind: 'missing'; readonly why: string };

let loading: Promise<Native> | undefined;

/** Why something that takes these calls isn't possible here. */
export interface NativeTrouble {
  /** A clause. */
  readonly reason: string;
  /** A sentence. */
  readonly remedy: string;
}

/** Those whose numbers of system calls' words are the common ones: include/uapi/asm-generic. */
const PROCESSORS = new Set(['x64', 'arm64', 'arm', 'ia32', 'riscv64', 'loong64', 's390x']);

/** For calls that take numbers of Linux; `otherwise` is what else to do, a clause. Undefined: nothing is missing. */
export function nativeTrouble(native: Native, otherwise: string): NativeTrouble | undefined {
  if (process.platform !== 'linux' || !PROCESSORS.has(process.arch)) {
    const remedy = `${otherwise.slice(0, 1).toUpperCase()}${otherwise.slice(1)}`;
    return { reason: `orderly has none for ${process.platform} on ${process.arch}`, remedy };
  }
  if (native.kind === 'here') return undefined;
  return { reason: native.why, remedy: `Run "npm install koffi", or ${otherwise}` };
}

/** The same answer for everyone who asks. Never rejects. */
export function loadNative(): Promise<Native> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Native> {
  try {
    const { default: koffi } = await import('koffi');
    return { kind: 'here', koffi, libc: koffi.load(null) };
  } catch (error) {
    return { kind: 'missing', why: whyMissing(error as NodeJS.ErrnoException) };
  }
}

function whyMissing({ code, message }: NodeJS.ErrnoException): string {
  const isAbsent = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  return isAbsent
    ? 'the package "koffi" is not installed'
    : `the package "koffi" can't be loaded: ${message}`;
}
