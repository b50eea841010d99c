#!/usr/bin/env node
// Writes one line of so many bytes, and one more without an end.
import { writeSync } from 'node:fs';

const part = Buffer.alloc(100_000, 'x');
for (let left = Number(process.argv[2]); left > 0; left -= part.length)
  writeSync(1, part, 0, Math.min(left, part.length));
writeSync(1, '\nlast');
