/**
 * Who runs this program, as far as it leaves traces, and how long that one waits before it kills. Pure.
 *
 * Whoever sends SIGTERM kills when its patience is over: `shutdown.budget: auto` is a little less. Where two of them
 * leave traces the one counts that sends the signal: Kubernetes before the engine that it uses.
 */
import { formatDuration } from '../../events/format-duration.ts';

/** What can be seen. */
export interface SurroundingsFacts {
  /** We are the program that a container runs, whether or not there is an init in front of us. */
  readonly isInit: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a file is there. */
  readonly exists: (path: string) => boolean;
}

export interface Surroundings {
  readonly kind: 'kubernetes' | 'nomad' | 'fly' | 'first-process' | 'container' | 'machine';
  /** What they were taken for, why, and what `shutdown.budget: auto` is because of it: a clause. */
  readonly text: string;
  readonly budgetMs: number;
}

interface Found {
  readonly kind: Surroundings['kind'];
  readonly name: string;
  /** A clause. */
  readonly because: string;
}

/** Who kills, and when, and what is a little less. */
const PATIENCE: Readonly<Record<Surroundings['kind'], readonly [killed: string, budgetMs: number]>> = {
  kubernetes: ['it kills after 30 s (terminationGracePeriodSeconds)', 28_000],
  nomad: ['it kills after 5 s (kill_timeout)', 4_500],
  fly: ['it kills after 5 s (kill_timeout)', 4_500],
  'first-process': ['"docker stop" kills after 10 s', 9_000],
  container: ['"docker stop" kills after 10 s', 9_000],
  machine: ['nobody is known there who kills before 30 s', 28_000],
};

/** What an orchestrator sets in all that it runs. */
const VARIABLES = [
  ['kubernetes', 'Kubernetes', 'KUBERNETES_SERVICE_HOST'],
  ['nomad', 'Nomad', 'NOMAD_ALLOC_ID'],
  ['fly', 'Fly', 'FLY_MACHINE_ID'],
  ['fly', 'Fly', 'FLY_APP_NAME'],
] as const;

/** Docker leaves the first, podman the second. */
const FILES: readonly string[] = ['/.dockerenv', '/run/.containerenv'];

export function tellSurroundings(facts: SurroundingsFacts): Surroundings {
  const { kind, name, because } = find(facts);
  const [killed, budgetMs] = PATIENCE[kind];
  const budget = `"shutdown.budget: auto" is ${formatDuration(budgetMs)}`;
  return { kind, budgetMs, text: `taken for ${name}: ${because}; ${killed}, so ${budget}` };
}

function find({ isInit, env, exists }: SurroundingsFacts): Found {
  const isSet = (variable: string): boolean => (env[variable] ?? '') !== '';
  for (const [kind, name, variable] of VARIABLES) {
    if (isSet(variable)) return { kind, name, because: `${variable} is set` };
  }
  const name = 'a container';
  if (isInit) return { kind: 'first-process', name, because: 'orderly is its first process' };
  // Podman, systemd-nspawn and LXC set it.
  if (isSet('container')) return { kind: 'container', name, because: 'the variable "container" is set' };
  const file = FILES.find(exists);
  if (file !== undefined) return { kind: 'container', name, because: `${file} is there` };
  return { kind: 'machine', name: 'a machine of its own', because: 'nothing tells of a container' };
}
