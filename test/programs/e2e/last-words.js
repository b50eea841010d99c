#!/usr/bin/env node
// Writes many lines, a last one without an end, and dies at once.
import { writeSync } from 'node:fs';

writeSync(1, `${Array.from({ length: 500 }, (_, n) => `line ${n}\n`).join('')}last words`);
process.kill(process.pid, 'SIGKILL');
