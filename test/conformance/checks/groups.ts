/**
 * The command stands apart from who runs it: what it does to its own group is its own affair.
 */
import { type Check, expectStatus, fails, holds } from '../check.ts';
import { inContainer } from '../container.ts';

/** Fields 5 and 6 of proc(5)'s stat: a shell has no other way to ask. */
const own = 'read -r _ _ _ _ group session _ < /proc/$$/stat';

export const ownGroup: Check = {
  name: 'the command leads a process group of its own',
  judge: (contender) =>
    inContainer(contender, ['sh', '-c', `${own}; test $group = $$`], async (container) => {
      const { status } = await container.ended();
      return status === 0 ? holds : fails('it is in the group of PID 1');
    }),
};

/** The work of PID 1 goes on: it reaps what the command left, and ends with its code. */
export const killZero: Check = {
  name: 'kill 0 of the command hits nobody else: its code, from its own trap, comes out',
  judge: (contender) =>
    inContainer(
      contender,
      ['sh', '-c', "trap 'sleep 0.2; exit 46' TERM; kill -TERM 0; sleep 5"],
      async (container) => expectStatus((await container.ended()).status, 46),
    ),
};

export const terminalForeground: Check = {
  name: 'on a terminal the command’s group is in its foreground, and Ctrl-Z does not hold it up for ever',
  judge: (contender) => {
    const script = `
      trap 'echo continued' CONT
      read -r _ _ _ _ group _ _ foreground _ < /proc/$$/stat
      test $group = $$ && test $foreground = $$ || exit 5
      echo prompt; while ! read -r word; do :; done; echo "read $word."`;
    return inContainer(
      contender,
      ['sh', '-c', script],
      async (container) => {
        const prompted = await Promise.race([
          container.says('prompt').then(() => true),
          container.ended().then(() => false),
        ]).catch(() => false);
        if (!prompted) return fails('it is not in the foreground in a group of its own');
        container.stdin.write('\u001a');
        container.stdin.write('hello\n');
        await container.says('read hello.');
        return expectStatus((await container.ended()).status, 0);
      },
      { terminal: true },
    );
  },
};
