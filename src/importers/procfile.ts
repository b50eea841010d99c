/**
 * Procfiles, as foreman reads them: a name and a script of the shell a line. When one ends everything does, and each is told a PORT of
 * its own.
 */
import type { ImportedService, Importer } from './imported.ts';
import { createLineLosses, linesOf } from './lines.ts';
import { createNames, renamed } from './names.ts';
import { refused } from './read-yaml.ts';
import { literal } from './texts.ts';

const LINE = /^([^\s:#][^:]*?)\s*:\s*(\S.*)$/;
const FIRST_PORT = 5000;
const PORTS_EACH = 100;
/** What foreman waits until it kills. */
const GRACE = '5s';

export const importProcfile: Importer = async (source) => {
  const { tell, told } = createLineLosses(source);
  const names = createNames();
  const services: ImportedService[] = [];
  const seen = new Set<string>();
  for (const { number, text } of linesOf(source.text)) {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, theirs, command] = LINE.exec(line) ?? [];
    if (theirs === undefined || command === undefined) {
      tell(number, 'This line is left out: it is not "name: command"', 'Write it so');
      continue;
    }
    if (seen.has(theirs)) {
      tell(number, `"${theirs}" is there already: this one is left out`, 'Give it another name');
      continue;
    }
    seen.add(theirs);
    if (theirs === 'release')
      tell(
        number,
        '"release" is run by a platform before the others, and here beside them',
        'Write type: task, and let the others depend on it',
      );
    const name = names.of(theirs);
    if (name !== theirs) tell(number, renamed(theirs, name));
    services.push({
      name,
      keys: {
        command: literal(command),
        env: { PORT: String(FIRST_PORT + PORTS_EACH * services.length) },
        restart: 'no',
        on_end: 'shutdown',
        stop: { grace: GRACE },
      },
    });
  }
  if (services.length === 0)
    return refused(`Cannot import "${source.file}": there is no line "name: command" in it`);
  // What is in there goes over PORT too, as there.
  return { ok: true, top: { env_file: [{ path: '.env', required: false }] }, services, losses: told() };
};
