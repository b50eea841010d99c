/**
 * `npm run load [-- DURATION]`: a hundred clients follow the events of a run, half of which read slowly or never; fifty questions and
 * commands a second are put to it; twenty services flood it with output meanwhile. A table tells what was found.
 *
 * The status is 1 if something didn't hold. For Linux.
 */
import { parseArgs } from 'node:util';
import { parseDuration } from '../../src/config/duration.ts';
import { FLOODS } from './graph.ts';
import { judgeFacts, judgeTimes, ms, percentile, restartsOf } from './judge.ts';
import { runLoad } from './run-load.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const durationMs = parseDuration(positionals[0] ?? '1m');
if (durationMs === undefined || positionals.length > 1) {
  console.error('usage: npm run load -- [DURATION]\nsuch as: npm run load -- 20s');
  process.exit(2);
}

console.log(`100 streams, 50 questions a second, ${FLOODS} floods, for ${durationMs / 1000} s`);
const result = await runLoad({
  seconds: durationMs / 1000,
  perSecond: 50,
  streams: { reads: 50, slow: 25, never: 25 },
  floods: FLOODS,
});
const { answers, twinMs, loopMs } = result;

const row = (...cells: readonly string[]): void =>
  console.log(cells.map((cell, column) => (column === 0 ? cell.padEnd(22) : cell.padStart(9))).join(' '));
const times = (values: readonly number[]): readonly string[] =>
  [50, 99, 100].map((of) => ms(percentile(values, of)));

const restarts = restartsOf(result.events);
console.log('');
row('answers', 'count', 'median', 'p99', 'most', 'p99 own', 'of twin');
const kinds = [...new Set(answers.map(({ kind }) => kind))];
for (const kind of ['all', ...kinds]) {
  const chosen = answers.filter((one) => kind === 'all' || one.kind === kind);
  const own = percentile(
    chosen.map(({ tookMs, waitedMs }) => Math.max(0, tookMs - waitedMs)),
    99,
  );
  const taken = chosen.map(({ tookMs }) => tookMs);
  const ratio = percentile(taken, 99) / percentile(twinMs, 99);
  row(kind, `${chosen.length}`, ...times(taken), ms(own), `${ratio.toFixed(1)} x`);
}
row('restart to ready', `${restarts.length}`, ...times(restarts));
row('the twin', `${twinMs.length}`, ...times(twinMs));
console.log(`its own loop was late by ${ms(loopMs.p99)} at p99, ${ms(loopMs.max)} at most`);
console.log('');
const verdicts = [...judgeFacts(result), ...judgeTimes(result)];
for (const { what, found, limit, holds } of verdicts)
  console.log(`${holds ? 'holds ' : 'BROKEN'}  ${what}: ${found} (limit: ${limit})`);
process.exitCode = verdicts.every(({ holds }) => holds) ? 0 : 1;
