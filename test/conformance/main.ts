/**
 * `npm run conformance [-- contender...]`: the duties of a PID 1, for orderly in both of its forms beside small inits, as one table.
 *
 * The status is 1 if one of ours fails at one of them. For Linux, with the right to make process namespaces.
 */
import { parseArgs } from 'node:util';
import { type Check, judge, type Verdict } from './check.ts';
import { canUnshare } from './container.ts';
import { type Contender, contenders, isInstalled, orderly, orderlyInit } from './contender.ts';
import { duties } from './duties.ts';
import { renderMarkdown, renderText } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: 'boolean', default: false } },
});
const names = contenders.map(({ name }) => name);
if (positionals.some((name) => !names.includes(name))) {
  console.error(`usage: npm run conformance -- [--markdown] [contender...]\ncontenders: ${names.join(', ')}`);
  process.exit(2);
}
if (!canUnshare()) {
  console.error(
    'Cannot make a process namespace: run it as root, where "unshare --pid --fork --mount-proc" works',
  );
  process.exit(2);
}

const wanted = contenders.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const there = wanted.filter(isInstalled);
const checks = duties();
const verdicts = await judgeAll();
const rows = checks.map((check) => ({
  check,
  verdicts: there.map((contender) => verdictOf(contender, check)),
}));
const render = values.markdown ? renderMarkdown : renderText;
console.log(
  render(
    there.map(({ name }) => name),
    rows,
  ),
);
for (const { name } of wanted.filter((contender) => !there.includes(contender)))
  console.log(`${name} is left out: it is not installed`);
const ours = [orderly, orderlyInit].filter((one) => there.includes(one));
if (ours.some((one) => checks.some((check) => verdictOf(one, check).kind === 'fails'))) process.exitCode = 1;

/** One after the other within a contender; figures when all is quiet. */
async function judgeAll(): Promise<ReadonlyMap<Contender, ReadonlyMap<Check, Verdict>>> {
  const found = new Map(there.map((contender) => [contender, new Map<Check, Verdict>()]));
  const judgeOne = async (contender: Contender, check: Check): Promise<void> => {
    const verdict = await judge(check, contender);
    found.get(contender)!.set(check, verdict);
    if (verdict.kind === 'fails') console.error(`${contender.name}: ${check.name}: no: ${verdict.why}`);
  };
  for (const contender of there) {
    console.error(`looking at ${contender.name} ...`);
    for (const check of checks.filter(({ isFigure }) => !isFigure)) await judgeOne(contender, check);
  }
  for (const check of checks.filter(({ isFigure }) => isFigure))
    for (const contender of there) await judgeOne(contender, check);
  return found;
}

function verdictOf(contender: Contender, check: Check): Verdict {
  return verdicts.get(contender)!.get(check)!;
}
