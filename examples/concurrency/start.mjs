// `start` resolves when the task says that it has started; the task runs on in the group.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { sleepForever, taskGroup, wait } from 'orderlyd/concurrency';

/** @param {import('orderlyd/concurrency').TaskContext<number>} task */
async function serve(task) {
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  try {
    await wait(once(server, 'listening'));
    task.started(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
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
  group.cancel('served enough'); // prints: closed
});
