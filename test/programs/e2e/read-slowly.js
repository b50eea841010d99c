#!/usr/bin/env node
// Reads 1 MB a second, and says on stderr how far it is.
import { readSync } from 'node:fs';

let [read, told] = [0, 0];
setInterval(() => {
  read += readSync(0, Buffer.alloc(10_000)) || process.exit();
  if (read >= (told + 1) * 1_000_000) console.error(`read ${++told} MB`);
}, 10);
