// Connects to the socket named in its first argument, says its pid, and obeys: one JSON line per order, one answer each.
import { spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const socket = connect(process.argv[2]);
const say = (message) => socket.write(`${JSON.stringify(message)}\n`);
const start = (command, args, options) => spawn(command, args, { stdio: 'ignore', ...options }).pid;
const orders = {
  print: (text, fd = 1) => void writeSync(fd, text),
  close: (fd) => closeSync(fd),
  send: (message) => void process.send(message),
  listen: () => void process.on('message', (message) => say({ message })),
  ignore: (signal) => void process.on(signal, () => say({ signal })),
  env: (name) => process.env[name] ?? null,
  fork: (options) => start('sleep', ['1000'], options),
  exit: (code) => process.exit(code),
  die: (signal) => process.kill(process.pid, signal),
};
say({ pid: process.pid });
createInterface({ input: socket }).on('line', (line) => {
  const { order, args } = JSON.parse(line);
  say({ done: orders[order](...args) ?? null });
});
