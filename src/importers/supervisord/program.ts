/**
 * A program of supervisord as a service: it has started when it has run for `startsecs`, and what fails before that is tried again a few
 * times. Pure.
 */
import type { ServiceKeys, Value } from '../imported.ts';
import type { TellLine } from '../lines.ts';
import { isPlainLine, literal, shellWords } from '../texts.ts';
import { duration, signalOf } from '../values.ts';
import type { Entry, Section } from './ini.ts';

export interface Program {
  readonly program: string;
  /** Of its processes, from 0 as a rule. */
  readonly number: number;
  readonly section: Section;
  readonly group: string | undefined;
  readonly tell: TellLine;
}

const KNOWN = new Set(
  (
    'command process_name numprocs numprocs_start directory umask autostart autorestart startsecs startretries exitcodes ' +
    'stopsignal stopwaitsecs stopasgroup killasgroup user redirect_stderr stdout_logfile stdout_logfile_maxbytes ' +
    'stdout_logfile_backups stderr_logfile stderr_logfile_maxbytes stderr_logfile_backups environment priority'
  ).split(' '),
);

/** Undefined: it has no command. */
export function programKeys(one: Program): ServiceKeys | undefined {
  const { program, section, group, tell } = one;
  const { keys } = section;
  for (const [key, { line }] of keys)
    if (!KNOWN.has(key)) tell(line, `"${key}" of "${program}" is left out: there is nothing like it`);
  const at = (key: string): string | undefined => filled(keys.get(key)?.text, one);
  const number = (key: string, initial: number): number => {
    const text = keys.get(key)?.text;
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : initial;
  };
  const command = commandOf(at('command'), one);
  if (command === undefined) {
    tell(section.line, `"${program}" is left out: it has no command`, 'Write its command');
    return undefined;
  }
  tellOfLost(one);
  const folder = at('directory');
  const startMs = number('startsecs', 1) * 1000;
  const user = at('user');
  const umask = at('umask');
  const stop = {
    ...(signalOf(at('stopsignal')) && { signal: signalOf(at('stopsignal'))! }),
    grace: duration(number('stopwaitsecs', 10) * 1000),
    ...(!isTrue(at('stopasgroup')) && { target: 'main' }),
  };
  return {
    command,
    ...(folder && { cwd: folder }),
    env: environmentOf(at('environment')),
    ...(user && { user }),
    ...(umask && /^[0-7]{1,4}$/.test(umask) && { umask: umask.slice(-3).padStart(3, '0') }),
    ...(startMs > 0 && { ready: { delay: duration(startMs) } }),
    restart: restartOf(at('autorestart'), at('exitcodes'), number('startretries', 3), startMs),
    on_failure: 'ignore',
    stop,
    ...logOf(one, at),
    ...(keys.has('autostart') && !isTrue(at('autostart')) && { profiles: ['manual'] }),
    ...(group !== undefined && { labels: { group: literal(group) } }),
  };
}

function tellOfLost({ program, section: { keys }, tell }: Program): void {
  const priority = keys.get('priority');
  if (priority !== undefined)
    tell(
      priority.line,
      `"priority" of "${program}" only orders the starts, and waits for nothing`,
      'Write depends_on: [NAME], and ready for that one',
    );
  const stderr = keys.get('stderr_logfile');
  if (stderr !== undefined && isFile(stderr))
    tell(
      stderr.line,
      `"${program}" has no file for its stderr alone`,
      'Its log file has both streams, as they come',
    );
}

function isTrue(text: string | undefined): boolean {
  return /^(?:true|yes|on|1)$/i.test(text ?? '');
}

/** `%(ENV_NAME)s` is a variable of orderly, other names are what they are here. */
function filled(text: string | undefined, { program, number, group }: Program): string | undefined {
  return text
    ?.split(/(%%|%\(\w+\)0?\d*[sd])/)
    .map((part) => {
      const [, name = '', width = ''] = /^%\((\w+)\)(0?\d*)[sd]$/.exec(part) ?? [];
      if (part === '%%') return '%';
      if (name === '') return literal(part);
      if (name.startsWith('ENV_')) return `\${${name.slice(4)}}`;
      if (name === 'here') return '.';
      if (name === 'process_num')
        return String(number).padStart(Math.min(9, Number(width)), width.startsWith('0') ? '0' : ' ');
      if (name === 'program_name') return literal(program);
      if (name === 'group_name') return literal(group ?? program);
      return literal(part);
    })
    .join('');
}

function commandOf(line: string | undefined, { program, section, tell }: Program): Value | undefined {
  if (line === undefined || line.trim() === '') return undefined;
  const joined = line.replaceAll('\n', ' ');
  if (isPlainLine(joined)) return joined;
  const words = shellWords(joined);
  if (words === undefined)
    tell(
      section.keys.get('command')!.line,
      `The command of "${program}" has a quote that is not closed`,
      'A shell will tell the same',
    );
  return words ?? joined;
}

function environmentOf(text: string | undefined): Value | undefined {
  if (text === undefined || text === '') return undefined;
  const pair = /\s*([^\s=,]+)\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^,\n]*)\s*(?:,|\n|$)/gy;
  const env = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(pair))
    env.set(name, /^(["']).*\1$/s.test(value) ? value.slice(1, -1) : value.trim());
  return env.size === 0 ? undefined : env;
}

function restartOf(
  policy: string | undefined,
  codes: string | undefined,
  retries: number,
  startMs: number,
): Value {
  const word = (policy ?? 'unexpected').toLowerCase();
  if (/^(?:false|no|off|0)$/.test(word)) return 'no';
  const isAlways = isTrue(word);
  const successes = (codes ?? '0')
    .split(',')
    .flatMap((code) => (/^\s*\d{1,3}\s*$/.test(code) ? [Number(code)] : []));
  const isUsual = successes.length === 1 && successes[0] === 0;
  return {
    policy: isAlways ? 'always' : 'on-failure',
    // So many in a row; one that has started ends the row.
    max: retries,
    window: '1s',
    delay: '1s',
    reset_after: duration(startMs),
    ...(!isAlways && !isUsual && { success_codes: successes.filter((code) => code < 256) }),
  };
}

function isFile({ text }: Entry): boolean {
  return text !== '' && !/^(?:auto|none|syslog)$/i.test(text) && !/^\/dev\/|^\/proc\//.test(text);
}

function logOf({ section: { keys } }: Program, at: (key: string) => string | undefined): ServiceKeys {
  const file = keys.get('stdout_logfile');
  if (file === undefined || !isFile(file)) return {};
  const size = /^(\d{1,9})(KB|MB|GB)?$/i.exec(at('stdout_logfile_maxbytes') ?? '50MB');
  const unit = size?.[2]?.[0]?.toUpperCase();
  const bytes = Number(size?.[1] ?? 50);
  const backups = at('stdout_logfile_backups') ?? '10';
  return {
    log: {
      file: at('stdout_logfile')!,
      max_size: bytes === 0 ? 'none' : unit === undefined ? `${bytes}B` : `${bytes}${unit}iB`,
      keep: /^\d{1,3}$/.test(backups) ? Number(backups) : 10,
    },
  };
}
