// `start` resolves when the task says that it has started; the task runs on in the group. What it gives has the type that
// the parameter of its function says, or the type argument of `start`: no compiler finds it in the body.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep, sleepForever, type TaskContext, taskGroup, wait } from 'orderlyd/concurrency';

async function serve(task: TaskContext<number>): Promise<void> {
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  try {
    await wait(once(server, 'listening'));
    task.started((server.address() as AddressInfo).port);
    await sleepForever();
  } finally {
    server.close();
    console.log('closed');
  }
}

await taskGroup(async (group) => {
  const port = await group.start(serve);
  const response = await fetch(`http://127.0.0.1:${port}`, { signal: group.scope.signal });
  console.log(await response.text()); // prints: hello
  const name = await group.start<string>(async ({ started }) => {
    await sleep(1);
    started('db');
  });
  console.log(name.toUpperCase()); // prints: DB
  group.cancel('served enough'); // prints: closed
});
