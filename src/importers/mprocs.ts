/**
 * mprocs files: processes side by side, each in a terminal. They end alone, and are started again only where that is said.
 */

import type { ConfigPath } from '../config/diagnostics/problem.ts';
import { isMap, scalarText } from '../config/yaml/document-value.ts';
import type { ImportedService, Importer, ServiceKeys, Value } from './imported.ts';
import { createNames, renamed } from './names.ts';
import { importYaml, type Tell } from './read-yaml.ts';
import { literal } from './texts.ts';
import { entriesOf, get, signalOf, textAt, textsOf, truthAt, wordsAt } from './values.ts';

/** They say how it looks. */
const QUIET_TOP =
  /^(?:procs|hide_keymap_window|mouse_scroll_speed|scrollback|proc_list_width|proc_list_title|keymap_.*|server|on_init|on_all_finished)$/;
const QUIET =
  'shell cmd cwd env add_path autostart autorestart stop log_dir deps depends mouse_scroll_speed scrollback tty'.split(
    ' ',
  );

export const importMprocs: Importer = (source) =>
  importYaml(source, (document, tell) => {
    for (const key of Object.keys(document))
      if (!QUIET_TOP.test(key) || key.startsWith('on_'))
        tell(
          [key],
          `"${key}" is left out: there is nothing like it`,
          key === 'on_all_finished' ? 'orderly ends by itself when all has ended' : undefined,
        );
    const names = createNames();
    const services = entriesOf(get(document, 'procs')).flatMap(([theirs, given]): ImportedService[] => {
      const path = ['procs', theirs];
      if (given === null) return [];
      const name = names.of(theirs);
      if (name !== theirs) tell(path, renamed(theirs, name));
      const written = isMap(given) ? given : Array.isArray(given) ? { cmd: given } : { shell: given };
      const keys = procKeys(written, path, theirs, tell);
      return keys === undefined ? [] : [{ name, keys }];
    });
    return { top: {}, services };
  });

function procKeys(written: unknown, path: ConfigPath, theirs: string, tell: Tell): ServiceKeys | undefined {
  const own = chosen(written, path, theirs, tell);
  for (const [key] of entriesOf(own))
    if (!QUIET.includes(key)) tell([...path, key], `"${key}" of "${theirs}" is left out: it is not known`);
  const words = textsOf(get(own, 'cmd')).filter((word, at) => at > 0 || word !== '');
  const script = wordsAt(own, 'shell');
  if (words.length === 0 && script === undefined) {
    tell(path, `"${theirs}" is left out: it has neither "shell" nor "cmd"`, 'Write its command');
    return undefined;
  }
  const folder = textAt(own, 'cwd')?.replace(/^<CONFIG_DIR>\/?/, './');
  const paths = textsOf(get(own, 'add_path'));
  const env = new Map<string, Value>(
    entriesOf(get(own, 'env')).flatMap(([name, value]): (readonly [string, Value])[] => {
      const text = scalarText(value);
      if (value === null) return [[name, null]];
      return text === undefined ? [] : [[name, literal(text)]];
    }),
  );
  if (paths.length > 0) env.set('PATH', [...paths.map(literal), '${PATH}'].join(':'));
  const depends = [...textsOf(get(own, 'deps')), ...textsOf(get(own, 'depends'))];
  if (depends.length > 0)
    tell(
      [...path, get(own, 'deps') === undefined ? 'depends' : 'deps'],
      `What "${theirs}" depends on is left out`,
      `Write depends_on: [${depends.join(', ')}]`,
    );
  return {
    command: script === undefined ? words.map(literal) : literal(script),
    ...(folder !== undefined && { cwd: literal(folder) }),
    ...(env.size > 0 && { env }),
    // It had a terminal: its input never ended.
    stdin: 'open',
    restart: truthAt(own, 'autorestart') === true ? { policy: 'always', max: 0 } : 'no',
    on_failure: 'ignore',
    ...stopOf(own, path, theirs, tell),
    ...logOf(own, theirs),
    ...(truthAt(own, 'autostart') === false && { profiles: ['manual'] }),
  };
}

/** Of what is for several systems, that for this one. */
function chosen(written: unknown, path: ConfigPath, theirs: string, tell: Tell): unknown {
  if (!isMap(written)) return written;
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => {
      const cases = get(value, '$select') === undefined ? undefined : value;
      if (cases === undefined) return [key, value];
      tell(
        [...path, key],
        `"${key}" of "${theirs}" is for several systems: that of Linux is taken`,
        'Write another one for each system with -f',
      );
      return [key, get(cases, 'linux') ?? get(cases, '$else')];
    }),
  );
}

function stopOf(written: unknown, path: ConfigPath, theirs: string, tell: Tell): ServiceKeys {
  const stop = get(written, 'stop');
  if (stop === undefined) return {};
  const word = scalarText(stop)?.toUpperCase();
  if (word === 'HARD-KILL') return { stop: { signal: 'SIGKILL' } };
  const signal = signalOf(word);
  if (signal !== undefined) return { stop: { signal } };
  const keys = textsOf(get(stop, 'send-keys'));
  if (keys.length === 1 && keys[0] === '<C-c>') return { stop: { signal: 'SIGINT' } };
  tell(
    [...path, 'stop'],
    `"stop" of "${theirs}" is left out: no keys are sent`,
    'Write stop: { signal: SIGINT }, or stop: { command }',
  );
  return {};
}

function logOf(written: unknown, theirs: string): ServiceKeys {
  const folder = textAt(written, 'log_dir');
  if (folder === undefined) return {};
  return { log: { file: `${literal(folder.replace(/\/$/, ''))}/${theirs.replaceAll('/', '_')}.log` } };
}
