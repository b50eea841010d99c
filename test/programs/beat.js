// Is ready, and gives a sign of life each 100 ms over the channel named in its first argument, and prints how many.
import { writeSync } from 'node:fs';

const say = {
  fd: (word) => writeSync(3, `${word}\n`),
  node: (word) => process.send(word),
  log: () => {},
}[process.argv[2]];
let count = 0;
const beat = () => say('heartbeat', console.log(`beat ${++count}`));
say('ready', setInterval(beat, 100));
