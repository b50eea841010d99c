/**
 * What comes out of the container is what came out of the command.
 */
import { constants } from 'node:os';
import { join } from 'node:path';
import { all, type Check, expectStatus, fails, holds, type Verdict } from '../check.ts';
import { inContainer } from '../container.ts';
import type { Contender } from '../contender.ts';

/** So many at the same time: most of their lives they wait. */
const ABREAST = 4;

/** For all 256, or fewer where time is short. */
export function exitCodes(codes: readonly number[]): Check {
  const which = codes.length === 256 ? 'exit codes 0 to 255' : `exit codes ${codes.join(', ')}`;
  return {
    name: `${which} come out as they are`,
    judge: async (contender) => {
      const waiting = [...codes];
      const wrong: string[] = [];
      const worker = async (): Promise<void> => {
        for (let code = waiting.shift(); code !== undefined; code = waiting.shift()) {
          const status = await statusOf(contender, ['sh', '-c', `exit ${code}`]);
          if (status !== code) wrong.push(`${code} as ${status}`);
        }
      };
      await Promise.all(Array.from({ length: ABREAST }, worker));
      return wrong.length === 0 ? holds : fails(`${wrong.length} wrong: ${wrong.slice(0, 3).join(', ')}`);
    },
  };
}

export const missing: Check = {
  name: 'a command that is not there: 127',
  judge: async (contender) =>
    all([
      await expect(contender, ['no-such-program'], 127),
      await expect(contender, ['/no/such/folder/no-such-program'], 127),
    ]),
};

export const notExecutable: Check = {
  name: 'a command that may not be executed: 126',
  judge: async (contender) =>
    inContainer(
      contender,
      ['sh', '-c', 'echo > file; chmod 644 file; echo made; sleep 1000'],
      async (first) => {
        await first.says('made');
        return expect(contender, [join(first.folder, 'file')], 126);
      },
    ),
};

export const killed: Check = {
  name: 'a command that dies by signal n: 128 + n',
  judge: async (contender) => {
    const verdicts: Verdict[] = [];
    for (const signal of ['KILL', 'TERM', 'SEGV', 'HUP', 'USR1'] as const) {
      const expected = 128 + constants.signals[`SIG${signal}`];
      verdicts.push(await expect(contender, ['sh', '-c', `kill -${signal} $$`], expected));
    }
    return all(verdicts);
  },
};

async function expect(contender: Contender, command: readonly string[], status: number): Promise<Verdict> {
  return expectStatus(await statusOf(contender, command), status);
}

async function statusOf(contender: Contender, command: readonly string[]): Promise<number> {
  return inContainer(contender, command, async (container) => (await container.ended()).status);
}
