#!/usr/bin/env node
// Writes every byte there is, NUL and cut characters among them, in pieces that end anywhere.
import { writeSync } from 'node:fs';

const bytes = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
  Buffer.from('\nä€😀\xff\n'),
]);
const all = Buffer.concat(Array.from({ length: 40 }, () => bytes));
for (let at = 0; at < all.length; at += 7) writeSync(1, all.subarray(at, at + 7));
