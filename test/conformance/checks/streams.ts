/**
 * The command speaks with the world as if nothing stood before it: bytes, and a terminal.
 */
import { randomBytes } from 'node:crypto';
import { type Check, expectStatus, fails, holds } from '../check.ts';
import { inContainer } from '../container.ts';

/** More than a pipe holds. */
const BYTES = 300_000;

export const bytes: Check = {
  name: 'stdin, stdout and stderr are the command’s own, byte for byte',
  judge: (contender) =>
    inContainer(contender, ['sh', '-c', 'echo aside >&2; exec cat'], async (container) => {
      const sent = randomBytes(BYTES);
      container.stdin.end(sent);
      const { status, stdout, stderr } = await container.ended();
      if (status !== 0) return fails(`status ${status}`);
      if (!stdout.equals(sent)) return fails(`${stdout.length} of ${BYTES} bytes, or others, came out`);
      const said = stderr.toString();
      return said === 'aside\n' ? holds : fails(`on stderr: ${JSON.stringify(said)}`);
    }),
};

export const terminal: Check = {
  name: 'on a terminal the command has it: it is typed to, and Ctrl-C is its own',
  judge: (contender) => {
    const script = `
      trap 'exit 41' INT
      test -t 0 && test -t 1 && test -t 2 || exit 5
      echo prompt; read -r word < /dev/tty; echo "read $word."; while :; do sleep 0.05; done`;
    return inContainer(
      contender,
      ['sh', '-c', script],
      async (container) => {
        await container.says('prompt');
        container.stdin.write('hello\n');
        await container.says('read hello.');
        container.stdin.write('\u0003');
        return expectStatus((await container.ended()).status, 41);
      },
      { terminal: true },
    );
  },
};
