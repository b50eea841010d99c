/**
 * A program: launches until the descriptors are used up, then kills all it launched, and says what it saw as JSON.
 */

import { createLauncher } from '../../src/process/instance/launcher.ts';
import { createFifoPool } from '../../src/process/pipes/fifo-pool.ts';
import type { Instance } from '../../src/process/ports.ts';
import { createRunMarks } from '../../src/process/tree/members/run-marks.ts';

const fifos = createFifoPool();
const launcher = createLauncher({ marks: createRunMarks(`limits-${process.pid}`), fifos });
const instances: Instance[] = [];
let reason: string | undefined;
while (reason === undefined) {
  const result = await launcher.launch({
    service: 'many',
    attempt: instances.length + 1,
    command: { kind: 'exec', argv: ['/bin/sleep', '1000'] },
    cwd: '/',
    env: {},
    channel: 'none',
    terminal: false,
    mayStart: () => true,
    onOutput() {},
    onNotification() {},
  });
  if (result.kind === 'launched') instances.push(result.instance);
  else if (result.kind === 'spawn-failed') reason = result.failure.reason;
}
let gone = 0;
for (const instance of instances) {
  instance.kill();
  await instance.exited;
  await instance.treeGone();
  gone += 1;
}
for (const instance of instances) instance.dispose();
process.stdout.write(JSON.stringify({ launched: instances.length, reason, gone }));
launcher.dispose();
fifos.dispose();
