/**
 * supervisord.conf: programs that are started again whenever they end unexpectedly. No shell reads a command.
 */
import type { ImportedService, Importer } from './imported.ts';
import { createLineLosses, type TellLine } from './lines.ts';
import { createNames, type Names, renamed } from './names.ts';
import { refused } from './read-yaml.ts';
import { type Section, sectionsOf } from './supervisord/ini.ts';
import { programKeys } from './supervisord/program.ts';

const MOST_PROCESSES = 100;

export const importSupervisord: Importer = async (source) => {
  const { tell, told } = createLineLosses(source);
  const names = createNames();
  const sections = sectionsOf(source.text, tell);
  const groups = groupsOf(sections, tell);
  const services = sections.flatMap((section) => {
    tellOfSection(section, tell);
    const program = /^program:(.+)$/.exec(section.name)?.[1]?.trim();
    return program === undefined ? [] : processesOf(program, section, { names, groups, tell });
  });
  if (services.length === 0)
    return refused(`Cannot import "${source.file}": there is no [program:NAME] in it`);
  return { ok: true, top: {}, services, losses: told() };
};

interface Others {
  readonly names: Names;
  readonly groups: ReadonlyMap<string, string>;
  readonly tell: TellLine;
}

function processesOf(
  program: string,
  section: Section,
  { names, groups, tell }: Others,
): readonly ImportedService[] {
  const count = Math.max(1, Math.min(MOST_PROCESSES, Number(section.keys.get('numprocs')?.text ?? 1) || 1));
  const first = Number(section.keys.get('numprocs_start')?.text ?? 0) || 0;
  return Array.from({ length: count }, (_, index) => {
    const theirs = count === 1 ? program : `${program}-${first + index}`;
    const name = names.another(theirs);
    if (name !== theirs && index === 0) tell(section.line, renamed(theirs, name));
    // What is lost is the same for each of them.
    const told: TellLine = index === 0 ? tell : () => {};
    const keys = programKeys({
      program,
      number: first + index,
      section,
      group: groups.get(program),
      tell: told,
    });
    return keys === undefined ? [] : [{ name, keys }];
  }).flat();
}

/** Which group a program is in. */
function groupsOf(sections: readonly Section[], tell: TellLine): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const { name, keys, line } of sections) {
    const group = /^group:(.+)$/.exec(name)?.[1]?.trim();
    if (group === undefined) continue;
    tell(
      line,
      `The group "${group}" is a label of its programs`,
      `Name all of it with --label: orderly restart --label group=${group}`,
    );
    for (const program of (keys.get('programs')?.text ?? '').split(',')) groups.set(program.trim(), group);
  }
  return groups;
}

const LOST: readonly (readonly [RegExp, string, string])[] = [
  [/^include$/, 'other files are not read', 'Import each of them, and write include: [FILE]'],
  [
    /^eventlistener:/,
    'nothing listens to events',
    'Write on: { failed: COMMAND }, or follow them with orderly events',
  ],
  [
    /^fcgi-program:/,
    'no socket is opened for a program',
    'Let the program open it, and write ready: { unix: PATH }',
  ],
  [/^inet_http_server$/, 'no port is opened', 'orderly up --listen 127.0.0.1:9001 does it'],
];
const QUIET =
  /^(?:program:.*|group:.*|supervisord|supervisorctl|unix_http_server|rpcinterface:.*|ctlplugin:.*)$/;

function tellOfSection({ name, line }: Section, tell: TellLine): void {
  const lost = LOST.find(([pattern]) => pattern.test(name));
  if (lost !== undefined) tell(line, `[${name}] is left out: ${lost[1]}`, lost[2]);
  else if (!QUIET.test(name)) tell(line, `[${name}] is left out: it is not known`);
}
