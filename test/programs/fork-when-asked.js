#!/usr/bin/env node
// Asked to end, it first starts a child in a session of its own, says its pid, and stays.
import { spawn } from 'node:child_process';

process.on('SIGTERM', () => console.log(spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).pid));
setInterval(() => {}, 1e9);
console.log('up');
