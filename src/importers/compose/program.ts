/**
 * A service that this machine runs itself, without its image. Pure.
 */
import { join, posix } from 'node:path';
import type { ConfigPath } from '../../config/diagnostics/problem.ts';
import { isMap } from '../../config/yaml/document-value.ts';
import type { ServiceKeys, Value } from '../imported.ts';
import { filledIn, isPlainLine } from '../texts.ts';
import {
  duration,
  durationMs,
  entriesOf,
  get,
  mapped,
  numberAt,
  signalOf,
  textAt,
  textsOf,
  truthAt,
  variablesOf,
} from '../values.ts';
import type { ComposeProject, Translation } from './container.ts';
import { healthOf, testOf } from './health.ts';
import { lostKey } from './lost.ts';
import { type ComposeService, mountsOf, portsOf } from './service.ts';

export function programKeys(service: ComposeService, project: ComposeProject): Translation {
  const { theirs, written, argv = [] } = service;
  const { tell, hosts } = project;
  const path: ConfigPath = ['services', theirs];
  for (const [key] of entriesOf(written)) {
    const lost = lostKey(key);
    if (lost !== undefined) tell([...path, key], `"${key}" of "${theirs}" is left out: ${lost[0]}`, lost[1]);
  }
  const image = textAt(written, 'image');
  if (image !== undefined && get(written, 'build') === undefined)
    tell(
      [...path, 'image'],
      `"${theirs}" runs on this machine, not in ${image}: "${argv[0]}" must be installed here`,
      `Or let docker run it: command: docker compose up ${theirs}`,
    );
  if (get(written, 'build') !== undefined)
    tell(
      [...path, 'build'],
      `"${theirs}" runs on this machine: no image is built, and what its Dockerfile installs must be here`,
      `Or let docker run it: command: docker compose up ${theirs}`,
    );
  tellOfMounts(service, project, path);
  tellOfPorts(written, path, theirs, project);
  const place = (at: ConfigPath, text: string, key?: string): string => {
    const { text: changed, doubts } = hosts.rewrite(text, key);
    for (const [doubt, hint] of doubts)
      tell(at, `${key === undefined ? 'A word' : `"${key}"`} of "${theirs}": ${doubt}`, hint);
    return filledIn(changed);
  };
  const words = argv.map((word) => place([...path, 'command'], word));
  const healthcheck = get(written, 'healthcheck');
  const test = testOf(healthcheck);
  if (healthcheck !== undefined && test === undefined && !isOff(healthcheck))
    tell([...path, 'healthcheck'], `The test of "${theirs}" is in its image`, 'Write ready: { tcp: PORT }');
  const exec: Value | undefined =
    typeof test === 'string'
      ? place([...path, 'healthcheck'], test)
      : test?.map((word) => place([...path, 'healthcheck'], word));
  const environment = variablesOf(get(written, 'environment'));
  return {
    keys: {
      command:
        isPlainLine(words.join(' ')) && words.every((word) => !word.includes(' ')) ? words.join(' ') : words,
      ...folderOf(service, project, path),
      env: mapped(environment, (text, name) => place(placeOf(written, path, name), text, name)),
      env_file: filesOf(get(written, 'env_file')),
      ...inputOf(written),
      ...limitsOf(service, project, path),
      ...(exec !== undefined && healthOf(healthcheck, exec)),
      ...stopOf(service, project, path),
    },
  };
}

/** A terminal stays open by itself. */
function inputOf(written: unknown): ServiceKeys {
  if (truthAt(written, 'tty') === true) return { terminal: true };
  return truthAt(written, 'stdin_open') === true ? { stdin: 'open' } : {};
}

function isOff(healthcheck: unknown): boolean {
  return truthAt(healthcheck, 'disable') === true || textsOf(get(healthcheck, 'test'))[0] === 'NONE';
}

/** Of a variable: in a map by its name, in a list by its number. */
function placeOf(written: unknown, path: ConfigPath, name: string): ConfigPath {
  const environment = get(written, 'environment');
  if (!Array.isArray(environment)) return [...path, 'environment', name];
  const index = environment.findIndex((entry: unknown) => textsOf(entry)[0]?.startsWith(`${name}=`));
  return [...path, 'environment', index];
}

/** A folder of the image is one of this machine where it is mounted, or where the image is built. */
function folderOf(
  { theirs, written }: ComposeService,
  { tell }: ComposeProject,
  path: ConfigPath,
): ServiceKeys {
  const inside = textAt(written, 'working_dir');
  const build = get(written, 'build');
  const context = isMap(build) ? textAt(build, 'context') : textsOf(build)[0];
  const isHere = context !== undefined && !/^(?:https?|git|ssh):|^git@/.test(context);
  const mount = mountsOf(written).find(
    ({ to }) => inside !== undefined && (inside === to || inside.startsWith(`${to.replace(/\/$/, '')}/`)),
  );
  if (inside !== undefined && mount !== undefined)
    return cwd(join(mount.from, posix.relative(mount.to, inside)));
  if (inside !== undefined)
    tell(
      [...path, 'working_dir'],
      `"working_dir" of "${theirs}" is a folder of its image: it runs in ${isHere ? `"${context}"` : 'the folder of this file'}`,
      'Write cwd: FOLDER for another one',
    );
  if (isHere) return cwd(context);
  const only = mountsOf(written).filter(({ from }) => isCode(from));
  return only.length === 1 && inside === undefined ? cwd(only[0]!.from) : {};
}

function cwd(folder: string): ServiceKeys {
  const path = posix.normalize(folder).replace(/(?<=.)\/$/, '');
  return path === '.' ? {} : { cwd: filledIn(path) };
}

function filesOf(written: unknown): Value | undefined {
  const files = (Array.isArray(written) ? (written as readonly unknown[]) : [written]).flatMap(
    (one): Value[] => {
      if (!isMap(one))
        return textsOf(one)
          .filter((path) => path !== '')
          .map(filledIn);
      const path = textAt(one, 'path');
      if (path === undefined) return [];
      return [
        truthAt(one, 'required') === false ? { path: filledIn(path), required: false } : filledIn(path),
      ];
    },
  );
  return files.length === 0 ? undefined : files;
}

/** What is mounted by a name, or from elsewhere than its code, is not found by its path inside any more. */
function tellOfMounts({ theirs, written }: ComposeService, { tell }: ComposeProject, path: ConfigPath): void {
  const volumes = get(written, 'volumes');
  if (!Array.isArray(volumes)) return;
  const code = mountsOf(written)
    .filter(({ from }) => isCode(from))
    .map(({ to }) => to.replace(/\/$/, ''));
  for (const [index, volume] of volumes.entries() as Iterable<[number, unknown]>) {
    const [first = '', second = first] = textsOf(volume)[0]?.split(':') ?? [];
    const inside = isMap(volume) ? (textAt(volume, 'target') ?? '') : second;
    if (code.some((folder) => inside === folder || inside.startsWith(`${folder}/`))) continue;
    tell(
      [...path, 'volumes', index],
      `"${theirs}" finds no "${inside}" by its volume: it sees the files of this machine`,
      'Give it the path that the folder has here, if it needs one',
    );
  }
}

/** A folder below that of the file, or that one. */
function isCode(from: string): boolean {
  return /^\.\.?(?:\/|$)/.test(from) && !/\.\w+$/.test(from);
}

function tellOfPorts(written: unknown, path: ConfigPath, theirs: string, { tell }: ComposeProject): void {
  for (const [inside, outside] of portsOf(written))
    if (outside !== undefined && outside !== inside)
      tell(
        [...path, 'ports'],
        `The port ${inside} of "${theirs}" was ${outside} on this machine, and is ${inside} itself now`,
        `Tell the program to listen at ${outside}, or look for it at ${inside}`,
      );
}

const LIMITS = 'as core cpu data fsize memlock msgqueue nofile nproc rtprio rttime sigpending stack'.split(
  ' ',
);

function limitsOf(
  { theirs, written }: ComposeService,
  { tell }: ComposeProject,
  path: ConfigPath,
): ServiceKeys {
  const limits = new Map<string, Value>();
  for (const [name, limit] of entriesOf(get(written, 'ulimits'))) {
    const amount = (from: unknown, key: string): Value | undefined => {
      const number = numberAt(from, key);
      return number === undefined ? undefined : number < 0 ? 'unlimited' : number;
    };
    const one = amount(get(written, 'ulimits'), name);
    const [soft, hard] = [amount(limit, 'soft'), amount(limit, 'hard')];
    const both = one ?? (soft === undefined || hard === undefined ? undefined : { soft, hard });
    if (LIMITS.includes(name) && both !== undefined) limits.set(name, both);
    else
      tell(
        [...path, 'ulimits', name],
        `The limit "${name}" of "${theirs}" is left out`,
        'Write limits: { nofile: 1024 }',
      );
  }
  return limits.size === 0 ? {} : { limits };
}

function stopOf(
  { theirs, written }: ComposeService,
  { tell }: ComposeProject,
  path: ConfigPath,
): ServiceKeys {
  const text = textAt(written, 'stop_signal');
  const signal = signalOf(text);
  if (text !== undefined && signal === undefined)
    tell(
      [...path, 'stop_signal'],
      `"stop_signal" of "${theirs}" is no signal of this system`,
      'Write stop: { signal: SIGINT }',
    );
  const graceMs = durationMs(get(written, 'stop_grace_period'), 1000);
  if (signal === undefined && graceMs === undefined) return {};
  return {
    stop: {
      ...(signal && { signal }),
      ...(graceMs !== undefined && { grace: duration(graceMs) }),
    },
  };
}
