#!/usr/bin/env node
// Says which signal it gets, and ends by it, with 0.
import { writeSync } from 'node:fs';

for (const name of ['SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGQUIT']) {
  process.on(name, () => process.exit(void writeSync(1, `got ${name}\n`)));
}
console.log('up');
setInterval(() => {}, 1e9);
