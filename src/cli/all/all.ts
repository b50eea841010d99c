/**
 * `orderly all COMMAND…`: runs commands side by side, as concurrently does, without a file.
 *
 * It writes the configuration that it would take, and runs that as `orderly up` runs a file: what `--print` shows is what runs.
 */
import { join } from 'node:path';
import { loadProject, type Project, type ProjectOptions, requireKnown } from '../load-project.ts';
import type { RunOptions } from '../supervise-project.ts';
import { superviseProject } from '../supervise-project.ts';
import { type Ending, UsageError, type World } from '../world.ts';
import { type AllOptions, elsewhere } from './options.ts';
import { planAll } from './plan-all.ts';
import { scriptsFrom } from './scripts.ts';
import { writeYaml } from './write-yaml.ts';

export interface RunAllOptions extends AllOptions, Omit<ProjectOptions, 'profile'>, RunOptions {
  readonly profile?: readonly string[];
  readonly print?: boolean;
}

/** What the configuration is called where it is wrong, and where runs are listed; it isn't there. */
const FILE_NAME = 'orderly all';

/** `behind`: how many of the words stood behind `--`. */
export async function all(
  world: World,
  words: readonly string[],
  behind: number,
  options: RunAllOptions,
): Promise<Ending> {
  if ([...(options.file ?? []), ...(options.profile ?? [])].length > 0)
    throw new UsageError('"orderly all" takes no file and no profile: "orderly up" is for those');
  const missing = elsewhere(options as Readonly<Record<string, unknown>>);
  if (missing.length > 0) throw new UsageError(...missing);
  const first = words.length - behind;
  const request = { words: words.slice(0, first), behind: words.slice(first), options };
  const project = await load(world, request);
  if (project === undefined) return { status: 2 };
  requireKnown(project.config, options.only);
  if (options.print === true) {
    world.letSignalsEnd();
    return { status: world.print(textOf(world, request)) === undefined ? 0 : 1 };
  }
  const again = (to: World): Promise<Project | undefined> => load(to, request);
  return superviseProject(world, project, { ...options, isUnfiled: true }, { again });
}

interface Request {
  readonly words: readonly string[];
  readonly behind: readonly string[];
  readonly options: RunAllOptions;
}

async function load(world: World, request: Request): Promise<Project | undefined> {
  const file = join(world.cwd, FILE_NAME);
  const text = textOf(world, request);
  const readFile: World['readFile'] = (path, only) => (path === file ? text : world.readFile(path, only));
  return loadProject({ ...world, readFile }, { ...request.options, file: [file] }, []);
}

/** Throws a `UsageError` for what can't be run. */
function textOf({ cwd, readFile }: World, request: Request): string {
  const planned = planAll(request, scriptsFrom(cwd, readFile));
  if (!planned.ok) throw new UsageError(...planned.problems);
  return `${heading(cwd, request.options)}${writeYaml(planned.config)}`;
}

function heading(cwd: string, options: RunAllOptions): string {
  const further = OF_THE_RUN.filter(([, isGiven]) => isGiven(options)).map(([flag]) => flag);
  return [
    '# What "orderly all" runs. Commands run in the folder of this file, which was made in:',
    `#   ${JSON.stringify(cwd)}`,
    ...(further.length > 0 ? [`# Give "orderly up" these as well: ${further.join(' ')}`] : []),
    '',
  ].join('\n');
}

/** What is said of a run has no place in a file. */
const OF_THE_RUN: readonly (readonly [string, (options: RunAllOptions) => boolean])[] = [
  ['--budget', ({ budget }) => budget !== undefined],
  ['--project', ({ project }) => project !== undefined],
  ['--no-control', ({ control }) => control === false],
  ['--ready-fd', ({ readyFd }) => readyFd !== undefined],
  ['--max-starting', ({ maxStarting }) => maxStarting !== undefined],
  ['--output', ({ output = 'text' }) => output !== 'text'],
  ['--only', ({ only }) => only !== undefined],
  ['--timestamps', ({ timestamps }) => timestamps === true],
  ['--no-color', ({ color }) => color === false],
  ['--record', ({ record }) => record !== undefined],
  ['--no-keep', ({ keep }) => keep === false],
  ['--backpressure', ({ backpressure }) => backpressure === true],
];
