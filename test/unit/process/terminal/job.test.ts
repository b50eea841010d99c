/**
 * A command that has the terminal as a job of ours: who has it after each thing that can happen. The terminal is a fake.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ControllingTerminal } from '../../../../src/process/terminal/controlling-terminal.ts';
import { createJob, type Job } from '../../../../src/process/terminal/seat.ts';

const OURS = 1;
const SHELL = 2;
/** No process has such a number. */
const COMMAND = 2 ** 30;

interface Scene {
  readonly job: Job;
  /** The group in the foreground. */
  foreground: number;
  stops: number;
  closed: number;
}

function play(t: TestContext, foreground: number, stdinIsTerminal = true): Scene {
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const terminal: ControllingTerminal = {
    fd: 9,
    isOurs: () => scene.foreground === OURS,
    give(group) {
      scene.foreground = group;
    },
    take() {
      scene.foreground = OURS;
    },
    close() {
      scene.closed++;
    },
  };
  const job = createJob(terminal, stdinIsTerminal, () => scene.stops++);
  const scene: Scene = { job, foreground, stops: 0, closed: 0 };
  t.after(() => job.end());
  return scene;
}

/** As the seat does it, where the terminal can't be given before the execution. */
function begin({ job }: Scene): void {
  job.foreground();
  job.begin(COMMAND, false);
}

test('a job of the foreground has the terminal until it ends', (t) => {
  const scene = play(t, OURS);
  begin(scene);
  assert.equal(scene.foreground, COMMAND);
  scene.job.end();
  scene.job.end();
  assert.deepEqual([scene.foreground, scene.stops, scene.closed], [OURS, 0, 1]);
});

test('a job of the foreground can have the terminal before it is executed, and gives it back when nothing comes of it', (t) => {
  const scene = play(t, OURS);
  assert.equal(scene.job.foreground(), 9);
  scene.job.end();
  assert.equal(scene.foreground, OURS);
  const background = play(t, SHELL);
  assert.equal(background.job.foreground(), undefined);
  background.job.end();
  assert.equal(background.foreground, SHELL);
});

test('a job without a terminal for its stdin is given ours when it asks for it, by reading', (t) => {
  const scene = play(t, OURS, false);
  begin(scene);
  assert.equal(scene.foreground, OURS);
  scene.job.stopped();
  assert.deepEqual([scene.foreground, scene.stops], [COMMAND, 0]);
  scene.job.end();
  assert.equal(scene.foreground, OURS);
});

test('a job of the background takes the terminal from nobody, at its start and at its end', (t) => {
  const scene = play(t, SHELL);
  begin(scene);
  assert.equal(scene.foreground, SHELL);
  scene.job.end();
  assert.equal(scene.foreground, SHELL);
});

test('stopped in the foreground: the terminal is ours again, and we stop ourselves; continued, it has it again', (t) => {
  const scene = play(t, OURS);
  begin(scene);
  scene.job.stopped();
  assert.deepEqual([scene.foreground, scene.stops], [OURS, 1]);
  scene.foreground = SHELL;
  t.mock.timers.tick(1000);
  assert.equal(scene.foreground, SHELL);
  scene.foreground = OURS;
  process.emit('SIGCONT', 'SIGCONT');
  assert.equal(scene.foreground, COMMAND);
});

test('continued in the background, it runs there, and what ends leaves the shell its terminal', (t) => {
  const scene = play(t, OURS);
  begin(scene);
  scene.job.stopped();
  scene.foreground = SHELL;
  process.emit('SIGCONT', 'SIGCONT');
  assert.equal(scene.foreground, SHELL);
  scene.job.end();
  assert.equal(scene.foreground, SHELL);
});

test('where no shell stops us, it goes on by itself', (t) => {
  const scene = play(t, OURS);
  begin(scene);
  scene.job.stopped();
  t.mock.timers.tick(100);
  assert.deepEqual([scene.foreground, scene.stops], [COMMAND, 1]);
});

test('stopped for reading without the terminal while we are in the foreground: it is given it', (t) => {
  const scene = play(t, SHELL);
  begin(scene);
  scene.foreground = OURS;
  scene.job.stopped();
  assert.deepEqual([scene.foreground, scene.stops], [COMMAND, 0]);
});
