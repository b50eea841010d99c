#!/usr/bin/env node
// Writes 2000 lines made of one letter, its argument, in pieces that end anywhere.
import { writeSync } from 'node:fs';

const text = `${process.argv[2].repeat(60)}\n`.repeat(2000);
for (let at = 0; at < text.length; at += 997) writeSync(1, text.slice(at, at + 997));
