/**
 * What the machine itself costs: a bare loop that is asked by the same client in the same moments, and answers at once. As one that
 * reads floods it is busy all the time, in turns of ten milliseconds; and where the supervisor restarts a service it ends a program and
 * starts the next one, which holds the loop of Node up until that is executed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Answers with as many bytes as the answer to `ps` has. Ends with whoever started it. */
const PROGRAM = `
  const body = 'x'.repeat(8000);
  const { spawn } = require('node:child_process');
  let child;
  const restart = () => {
    child?.kill();
    child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  };
  require('node:http')
    .createServer((request, response) => {
      request.resume().on('end', () => response.end(body));
      if (request.url === '/restart') setTimeout(restart, 10);
    })
    .listen(process.argv[1], () => console.log('up'));
  process.stdin.resume().on('end', () => {
    child?.kill();
    process.exit();
  });
  const turn = () => {
    const endMs = performance.now() + 10;
    while (performance.now() < endMs);
    setImmediate(turn);
  };
  turn();
`;

export interface Twin {
  readonly socket: string;
  end(): void;
}

/** Resolves when it listens in that folder. */
export async function startTwin(folder: string): Promise<Twin> {
  const socket = join(folder, 'twin');
  const child: ChildProcess = spawn(process.execPath, ['-e', PROGRAM, socket], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  return { socket, end: () => void child.stdin!.end() };
}
