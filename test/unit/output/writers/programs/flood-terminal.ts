/**
 * Floods its terminal through the real writer, and tells over a socket what it sees: argv is the socket's path.
 * The terminal is stopped; when told to go on it writes a last line, waits for the flush, and ends.
 */
import { connect } from 'node:net';
import { openStandardWriters } from '../../../../../src/output/writers/open.ts';

const lines = connect(process.argv[2]!);
let dropped = 0;
let closed = 0;
const hooks = {
  onDropped: (count: number) => {
    dropped += count;
  },
  onClosed: () => {
    closed++;
  },
  onTrouble: () => undefined,
};
const { stdout, stderr } = openStandardWriters({ stdout: hooks, stderr: hooks });

const FILLING = 'x'.repeat(92);
let text = '';
for (let i = 0; i < 1_000; i++) text += `${String(i).padStart(6, '0')}${FILLING}\n`;
const chunk = Buffer.from(text);
// More than the queue and the terminal can hold: 20 MB.
for (let i = 0; i < 200; i++) stdout.writer.write(chunk);

lines.write(
  `${JSON.stringify({ isTty: stdout.isTty, shared: stdout === stderr, full: stdout.writer.full, pending: stdout.writer.pendingBytes })}\n`,
);
lines.once('data', async () => {
  await stdout.writer.flush(60_000);
  stdout.writer.write(Buffer.from('the last\n'));
  await stdout.writer.flush(60_000);
  lines.end(`${JSON.stringify({ dropped, closed })}\n`);
});
