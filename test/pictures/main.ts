/**
 * npm run pictures: runs the examples for real and draws what they recorded, and what terminals show, into the files that the manual
 * shows.
 *
 * With --keep FOLDER the records are kept there; with --terminals only those are drawn.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { examplePath } from '../support/example-path.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { createSightings } from '../support/sightings.ts';
import { SCENES, type Scene } from './scenes.ts';
import { terminalSvg } from './terminal-svg.ts';
import { playTerminal, TERMINALS } from './terminals.ts';

const MAX_BYTES = 60_000;
const keep = process.argv[2] === '--keep' ? process.argv[3] : undefined;
const folder = mkdtempSync(join(tmpdir(), 'orderly-pictures-'));
// PostgreSQL and Redis run as users of their own.
chmodSync(folder, 0o755);
if (keep !== undefined) mkdirSync(keep, { recursive: true });
try {
  const scenes = process.argv[2] === '--terminals' ? [] : SCENES;
  for (const [index, scene] of scenes.entries()) await paint(scene, String(index));
  for (const scene of TERMINALS)
    await playTerminal(scene, (name, picture) => {
      const file = join(repositoryRoot(), 'src/manual/pictures', `${name}.svg`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, terminalSvg(picture));
      tell(file, 'of a terminal');
    });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function paint(scene: Scene, id: string): Promise<void> {
  const { example, picture } = scene;
  const record = join(keep ?? folder, `${example}-${picture}.jsonl`);
  const status = await play(scene, join(folder, id), record);
  const file = examplePath(example, `${picture}.svg`);
  await draw(record, file);
  tell(file, `of a run with status ${status}`);
}

function tell(file: string, what: string): void {
  const { size } = statSync(file);
  process.stdout.write(`${relative(repositoryRoot(), file)}: ${size} bytes, ${what}\n`);
  if (size > MAX_BYTES) throw new Error(`"${file}" is larger than ${MAX_BYTES} bytes`);
}

async function play({ example, env, act }: Scene, data: string, record: string): Promise<unknown> {
  const config = examplePath(example, 'supervisor.yaml');
  const args = [orderlyBin, 'up', '-f', config, '--output', 'json', '--record', record];
  const child = spawn(process.execPath, args, {
    env: { ...cleanEnvironment(), ...env(data) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const told = createSightings<OrderlyEvent>();
  createInterface({ input: child.stdout }).on('line', (line) => told.add(JSON.parse(line) as OrderlyEvent));
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      told.end(new Error('the run has ended'));
      resolve(signal ?? code);
    });
  });
  const event = (fits: (event: OrderlyEvent) => boolean) => told.first('event', fits).catch(() => undefined);
  await act({ event, interrupt: () => child.kill('SIGINT') });
  return ended;
}

async function draw(record: string, file: string): Promise<void> {
  const args = [orderlyBin, 'timeline', record, '-o', file];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the record "${record}" could not be drawn`);
}
