/**
 * The command lines of npm-run-all, run-p and run-s, as a plan. Pure.
 */
import type { Lost, Plan, Planned } from './plan.ts';
import { matching, type Scripts } from './scripts.ts';

const SERIAL = new Set(['-s', '--sequential', '--serial']);
const PARALLEL = new Set(['-p', '--parallel']);
const VALUED = new Set(['--max-parallel', '--npm-path']);
const QUIET = new Set([
  ...[
    '-l',
    '--print-label',
    '-n',
    '--print-name',
    '--silent',
    '-q',
    '--aggregate-output',
    '-N',
    '--npm-path',
  ],
  ...['-sn', '-ln', '--no-descriptions'],
]);

export function npmRunAllPlan(program: string, words: readonly string[], scripts: Scripts): Plan {
  const losses: Lost[] = [];
  const steps: Planned[][] = [];
  let isParallel = program === 'run-p';
  let isFresh = true;
  let [isRace, isContinued] = [false, false];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      if (at + 1 < words.length)
        losses.push({ message: 'Words behind -- are not handed on', hint: 'Write them into the command' });
      break;
    }
    if (program === 'npm-run-all' && (SERIAL.has(word) || PARALLEL.has(word))) {
      isParallel = PARALLEL.has(word);
      isFresh = true;
    } else if (word === '-r' || word === '--race') isRace = true;
    else if (word === '-c' || word === '--continue-on-error') isContinued = true;
    else if (VALUED.has(word))
      losses.push({
        message: `${word} ${words[++at] ?? ''} is left out`,
        hint: 'orderly up --max-starting N',
      });
    else if (QUIET.has(word)) continue;
    else if (/^-[lnrcs]{2,}$/.test(word)) {
      isRace ||= word.includes('r');
      isContinued ||= word.includes('c');
    } else if (word.startsWith('-'))
      losses.push({ message: `${program}'s ${word} is left out: it is not known` });
    else {
      const planned = ofPattern(word, scripts);
      if (planned.length === 0)
        losses.push({ message: `No script is called "${word}"`, hint: 'Write it, or leave it out' });
      if (!isParallel) steps.push(...planned.map((one) => [one]));
      else if (isFresh || steps.length === 0) steps.push([...planned]);
      else steps.at(-1)!.push(...planned);
      isFresh = false;
    }
  }
  if (steps.length > 1 && isContinued)
    losses.push({
      message: 'A step that fails ends all: --continue-on-error is left out',
      hint: 'Write on_failure: ignore, and condition: exited',
    });
  return {
    steps: steps.filter((step) => step.length > 0),
    whenOneEnds: isRace ? 'shutdown' : isContinued ? 'nothing' : 'shutdown-on-failure',
    losses,
  };
}

function ofPattern(word: string, scripts: Scripts): readonly Planned[] {
  const [pattern = '', ...args] = word.split(/\s+/);
  const after = args.length === 0 ? '' : `${scripts.manager === 'npm' ? ' --' : ''} ${args.join(' ')}`;
  return matching(scripts, pattern, false)
    .filter((name) => scripts.commands.has(name))
    .map((name) => ({ name, command: `${scripts.manager} run ${name}${after}` }));
}
