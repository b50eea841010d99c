// A process, or a function, that floods stdout, and another function whose clean-up must run whoever reads that.
import { writeFileSync } from 'node:fs';
import { defineService, supervise } from 'orderlyd';
import { sleep, untilAborted } from 'orderlyd/concurrency';

const [mark = '', who] = process.argv.slice(2);
const keeper = defineService({
  name: 'keeper',
  async run({ started, shutdown }) {
    started();
    await untilAborted(shutdown);
  },
  cleanup: ({ reason }) => writeFileSync(mark, reason),
});
const dependsOn = [keeper];
const printing = defineService({
  name: 'flood',
  dependsOn,
  async run({ started, shutdown }) {
    started();
    while (!shutdown.aborted) {
      console.log('a line of a flood');
      await sleep(1);
    }
    console.log('a last word');
  },
});
const flood = defineService({ name: 'flood', dependsOn, command: 'yes "a line of a flood"' });
await supervise([who === 'function' ? printing : flood, keeper]);
