#!/usr/bin/env node
// Ends when asked; its child in the same group stays, and counts how often it was asked.
import { spawn } from 'node:child_process';

if (process.argv[2] === 'child') {
  let count = 0;
  process.on('SIGTERM', () => console.log(`asked ${++count}`));
  process.on('SIGWINCH', () => console.log('end'));
  console.log('up');
} else spawn(process.execPath, [process.argv[1], 'child'], { stdio: 'inherit' });
setInterval(() => {}, 1e9);
