/**
 * What the machine itself costs: a bare loop that answers at once, asked by the same client in the same moments.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Answers with as many bytes as the answer to `ps` has. Ends with whoever started it. */
const PROGRAM = `
  const body = 'x'.repeat(8000);
  require('node:http')
    .createServer((request, response) => request.resume().on('end', () => response.end(body)))
    .listen(process.argv[1], () => console.log('up'));
  process.stdin.resume().on('end', () => process.exit());
`;

export interface Twin {
  readonly socket: string;
  readonly pid: number;
  end(): void;
}

/** Resolves when it listens in that folder. */
export async function startTwin(folder: string): Promise<Twin> {
  const socket = join(folder, 'twin');
  const child: ChildProcess = spawn(process.execPath, ['-e', PROGRAM, socket], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  return { socket, pid: child.pid!, end: () => void child.kill('SIGKILL') };
}
