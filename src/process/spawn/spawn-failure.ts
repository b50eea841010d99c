/**
 * Why a program could not be started, in words: the one place where these sentences are made.
 *
 * The system's own answer is not enough: ENOENT may mean the command, the folder, or the interpreter in the first
 * line of a script. So folder and command are looked at again, and only after a failure.
 */
import type { SpawnError } from '../helper/helper-child.ts';
import type { SpawnFailureReason } from '../ports.ts';
import { findProgram, mayExecute, type ProgramLookup, statOf } from './find-program.ts';
import { explainLoader } from './program-loader.ts';

export interface FailedSpawn {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly error: SpawnError;
  /** `user "app"`, whom it was to be; undefined: nobody else. */
  readonly who?: string | undefined;
}

export interface SpawnExplanation {
  readonly reason: SpawnFailureReason;
  /** A clause with a remedy, to be put after "Cannot start …: ". */
  readonly why: string;
}

export function explainSpawnFailure(failed: FailedSpawn): SpawnExplanation {
  return (
    explainInput(failed) ??
    explainRights(failed) ??
    explainLimits(failed) ??
    explainPlace(failed) ??
    explainProgram(failed)
  );
}

export function mayNotEnter(cwd: string, who: string): string {
  return `its folder ${JSON.stringify(cwd)} may not be entered by ${who}; change its permissions, or "cwd"`;
}

export function mayNotExecute([program]: readonly string[], who: string): string {
  return `${JSON.stringify(program)} may not be executed by ${who}; look at its permissions and those of its folders`;
}

/** What is seen only by whom it was to be. */
function explainRights({ argv, cwd, error, who }: FailedSpawn): SpawnExplanation | undefined {
  if (error.step === 'rights')
    return other(`the system refuses to give it its user, limits or niceness (${error.code})`);
  if (who === undefined || error.code !== 'EACCES') return undefined;
  if (error.step === 'folder') return { reason: 'folder-not-found', why: mayNotEnter(cwd, who) };
  return error.step === 'program' ? { reason: 'not-executable', why: mayNotExecute(argv, who) } : undefined;
}

/** What no system would accept. */
function explainInput({ argv, cwd, env }: FailedSpawn): SpawnExplanation | undefined {
  const hasNul = (text: string): boolean => text.includes('\0');
  if (!argv[0]) return impossible('its command is empty; name a program');
  const index = argv.findIndex(hasNul);
  if (index === 0) return impossible('its command contains a NUL character; remove it');
  if (index > 0) return impossible(`argument ${index} of its command contains a NUL character; remove it`);
  if (hasNul(cwd)) return impossible('the name of its folder contains a NUL character; remove it');
  const variable = Object.entries(env).find(([name, value]) => hasNul(name) || hasNul(value));
  if (variable === undefined) return undefined;
  return impossible(
    `its environment variable ${JSON.stringify(variable[0])} contains a NUL character; remove it`,
  );
}

function explainLimits({ argv, env, error }: FailedSpawn): SpawnExplanation | undefined {
  switch (error.code) {
    case 'EMFILE':
      return {
        reason: 'too-many-files',
        why: 'the supervisor has as many files open as it may; raise the limit (ulimit -n)',
      };
    case 'ENFILE':
      return {
        reason: 'too-many-files',
        why: 'the system has as many files open as it can; raise fs.file-max, or close some',
      };
    case 'ENOMEM':
      return { reason: 'no-memory', why: 'there is not enough memory for another process; free some' };
    case 'EAGAIN':
      return other('there may be no more processes; raise the limit (ulimit -u, or pids.max of the cgroup)');
    case 'E2BIG':
      return impossible(whatIsTooLong(argv, env));
    default:
      return undefined;
  }
}

/** The folder it should run in. */
function explainPlace({ cwd }: FailedSpawn): SpawnExplanation | undefined {
  const stats = statOf(cwd);
  const folder = JSON.stringify(cwd);
  if (stats === undefined) {
    return {
      reason: 'folder-not-found',
      why: `its folder ${folder} does not exist; create it, or change "cwd"`,
    };
  }
  if (stats !== 'unreachable' && !stats.isDirectory()) {
    return { reason: 'folder-not-found', why: `its folder ${folder} is not a folder; change "cwd"` };
  }
  if (stats === 'unreachable' || !mayExecute(cwd)) {
    return {
      reason: 'folder-not-found',
      why: `its folder ${folder} may not be entered; change its permissions, or "cwd"`,
    };
  }
  return undefined;
}

function explainProgram({ argv, cwd, env, error }: FailedSpawn): SpawnExplanation {
  const name = JSON.stringify(argv[0]);
  const lookup = findProgram(argv[0] ?? '', cwd, env.PATH);
  if (lookup.kind !== 'found') return explainLookup(lookup, name, cwd, env.PATH);
  const why = explainLoader(lookup.path, error.code);
  if (why !== undefined) return { reason: 'not-executable', why: `${name} ${why}` };
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
      return {
        reason: 'not-executable',
        why: `${name} may not be executed here (permission denied); look at its file system (noexec) and its permissions`,
      };
    case 'ETXTBSY':
      return other(`${name} is open for writing; wait until it is complete`);
    default:
      return other(`the system refused to execute ${name} (${error.code ?? error.message})`);
  }
}

function explainLookup(
  lookup: Exclude<ProgramLookup, { readonly kind: 'found' }>,
  name: string,
  cwd: string,
  searchPath: string | undefined,
): SpawnExplanation {
  switch (lookup.kind) {
    case 'missing':
      if (name === '"/bin/sh"') {
        return {
          reason: 'command-not-found',
          why: 'it is a text for a shell, and there is no /bin/sh here; write the command as a list of words',
        };
      }
      if (lookup.folders === undefined) {
        const where = name.startsWith('"/') ? '' : ` in ${JSON.stringify(cwd)}`;
        return { reason: 'command-not-found', why: `${name} does not exist${where}; check the path` };
      }
      return {
        reason: 'command-not-found',
        why:
          searchPath === undefined
            ? `${name} is not in ${lookup.folders.join(' or ')}, and its environment has no PATH; give one, or the whole path`
            : `${name} is not on the PATH; install it, or give its whole path`,
      };
    case 'folder':
      return { reason: 'not-executable', why: `${name} is a folder; name a program` };
    case 'not-a-file':
      return { reason: 'not-executable', why: `${name} is not a file; name a program` };
    case 'not-executable':
      return { reason: 'not-executable', why: `${name} is not executable; run chmod +x ${lookup.path}` };
    case 'unreachable':
      return {
        reason: 'not-executable',
        why: `${name} can't be reached (permission denied); look at its folders`,
      };
  }
}

function impossible(why: string): SpawnExplanation {
  return { reason: 'impossible', why };
}

function other(why: string): SpawnExplanation {
  return { reason: 'other', why };
}

// Which part of a command line or an environment is more than Linux takes (execve(2)). Pure.

/** MAX_ARG_STRLEN: 32 pages for one text, its end included. */
const LONGEST_TEXT = 131_072;

/** A clause with its remedy, to be put after `Cannot start "db": `. */
function whatIsTooLong(argv: readonly string[], env: Readonly<Record<string, string>>): string {
  const index = argv.findIndex(isTooLong);
  if (index === 0) return 'its command is longer than the 128 KiB that the system takes; shorten it';
  if (index > 0) {
    const what =
      argv[0] === '/bin/sh' && argv[1] === '-c' ? 'its script' : `argument ${index} of its command`;
    return `${what} has ${kibibytes(argv[index] ?? '')}, and the system takes 128 KiB for one; shorten it`;
  }
  const texts = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const long = texts.find(isTooLong);
  if (long !== undefined) {
    const name = JSON.stringify(long.slice(0, long.indexOf('=')));
    return `its environment variable ${name} has ${kibibytes(long)}, and the system takes 128 KiB for one; shorten it`;
  }
  const all = [...argv, ...texts].join('\0');
  return `its arguments and environment have ${kibibytes(all)} together, and the system takes a quarter of the stack limit (2 MiB with ulimit -s 8192); shorten them`;
}

function isTooLong(text: string): boolean {
  return Buffer.byteLength(text) >= LONGEST_TEXT;
}

function kibibytes(text: string): string {
  return `${Math.ceil(Buffer.byteLength(text) / 1024)} KiB`;
}
