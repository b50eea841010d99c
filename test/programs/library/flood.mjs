// A process that floods stdout, and a function whose clean-up must run whoever reads that.
import { writeFileSync } from 'node:fs';
import { defineService, supervise } from 'orderly';
import { untilAborted } from 'orderly/concurrency';

const [mark = ''] = process.argv.slice(2);
const keeper = defineService({
  name: 'keeper',
  async run({ started, shutdown }) {
    started();
    await untilAborted(shutdown);
  },
  cleanup: ({ reason }) => writeFileSync(mark, reason),
});
const flood = defineService({ name: 'flood', dependsOn: [keeper], command: 'yes "a line of a flood"' });
await supervise([flood, keeper]);
