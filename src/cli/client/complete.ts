/**
 * `orderly complete services|labels|scripts -- WORDS… TYPED`: what a shell proposes for a command line that begins with these words, a
 * line each; it chooses those that begin with what is typed.
 *
 * Services are those of the project that the words mean: of its run, else of its files, which need not be right. Scripts are those that
 * `orderly all` finds from here. Whatever goes wrong, nothing is proposed:
 * nobody wants to read sentences while he types. Shells may expand what they are given: what could mean something to one is left out.
 */
import type { ServicesAnswer } from '../../control/protocol.ts';
import type { Ending } from '../world.ts';
import { askRun } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';
import { type ClientOptions, findTarget } from './find-run.ts';

/** Somebody waits at the keyboard. */
const PATIENCE_MS = 1_000;

interface Known {
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
}

export async function complete(world: ClientWorld, [kind, ...words]: readonly string[]): Promise<Ending> {
  const proposed =
    kind === 'scripts'
      ? await scriptsFor(world, words.at(-1) ?? '')
      : await ofServices(world, kind === 'labels', projectIn(words));
  const plain = [...new Set(proposed)].filter((word) => PLAIN.test(word));
  world.print(plain.map((word) => `${word}\n`).join(''));
  return { status: 0 };
}

const PLAIN = /^[\w@%+=:,./][\w@%+=:,./-]*$/;

/** `npm:dev` and the like, of each runner that may be meant by what is typed; of npm alone where nothing is. */
async function scriptsFor({ cwd, readFile }: ClientWorld, typed: string): Promise<readonly string[]> {
  const { RUNNERS, scriptsFrom } = await import('../all/scripts.ts');
  // A quote that was opened is still there.
  const [, begun = ''] = /^["']?([^:]*:?)/.exec(typed) ?? [];
  const find = scriptsFrom(cwd, readFile);
  const runners = Object.keys(RUNNERS) as (keyof typeof RUNNERS)[];
  return (begun === '' ? (['npm'] as const) : runners.filter((runner) => `${runner}:`.startsWith(begun)))
    .map((runner) => ({ runner, found: find(runner) }))
    .flatMap(({ runner, found }) => (found.ok ? found.names.map((name) => `${runner}:${name}`) : []));
}

async function ofServices(
  world: ClientWorld,
  areLabels: boolean,
  options: ClientOptions,
): Promise<readonly string[]> {
  const known = await knownServices(world, options).catch(() => []);
  return areLabels ? known.flatMap(({ labels }) => labelsOf(labels)) : known.map(({ service }) => service);
}

function labelsOf(labels: Known['labels']): readonly string[] {
  return Object.entries(labels).flatMap(([key, value]) => [key, `${key}=${value}`]);
}

async function knownServices(world: ClientWorld, options: ClientOptions): Promise<readonly Known[]> {
  return (await ofRun(world, options).catch(() => undefined)) ?? ofFiles(world, options);
}

/** Undefined: it doesn't run. */
async function ofRun(world: ClientWorld, options: ClientOptions): Promise<readonly Known[] | undefined> {
  const { run } = findTarget(world, options);
  if (run === undefined) return undefined;
  const { services } = await askRun<ServicesAnswer>(world, run, {
    ...{ method: 'GET', path: '/v1/services', patienceMs: PATIENCE_MS },
  });
  return services.flatMap(({ service, labels = {}, replica_of: group }) =>
    [service, ...(group === undefined ? [] : [group])].map((name) => ({ service: name, labels })),
  );
}

async function ofFiles(world: ClientWorld, { file = [] }: ClientOptions): Promise<readonly Known[]> {
  const { namesInFiles } = await import('./names-in-files.ts');
  return namesInFiles(file, world);
}

/** Here `-f` means to follow. */
const FOLLOWING: readonly string[] = ['logs', 'events'];

/** Which project the words of a command line mean. Pure. */
export function projectIn(words: readonly string[]): ClientOptions {
  const file: string[] = [];
  let project: string | undefined;
  let command: string | undefined;
  for (let at = 0; at < words.length && words[at] !== '--'; at++) {
    const [, flag = '', joined] = /^(--\w+)=(.*)$/s.exec(words[at]!) ?? [undefined, words[at]];
    const isFile = flag === '--file' || (flag === '-f' && !FOLLOWING.includes(command ?? ''));
    if (!isFile && flag !== '--project' && flag !== '--profile') {
      if (!flag.startsWith('-')) command ??= flag;
      continue;
    }
    // Bash tells an equals sign as a word of its own.
    if (joined === undefined && words[at + 1] === '=') at++;
    const value = joined ?? words[++at];
    if (isFile && value !== undefined) file.push(value);
    if (flag === '--project') project = value;
  }
  return { file, project };
}
