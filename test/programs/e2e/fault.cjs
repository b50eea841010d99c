// node --require: kills this process with SIGKILL at the n-th step that has an effect: FAULT="n before|after [guardian]"; its guardian with it.
const [at, when, both] = (process.env.FAULT ?? '0').split(' ');
const fs = require('node:fs');
const children = require('node:child_process');
const { kill } = process;
const { writeSync } = fs;
const log = process.env.FAULT_STEPS && fs.openSync(process.env.FAULT_STEPS, 'a');
let [step, guardian] = [0, undefined];
const die = () => {
  for (const pid of both && guardian ? [guardian, process.pid] : [process.pid])
    kill.call(process, pid, 'SIGKILL');
};
const wrap = (object, name) => {
  const real = object[name];
  object[name] = function (...args) {
    const mine = ++step === Number(at);
    if (mine && when === 'before') die();
    if (log) writeSync(log, `${name} ${JSON.stringify(args.slice(0, 2))}\n`);
    const result = real.apply(this, args);
    if (args[1]?.includes?.('orderly-guardian')) guardian = result.pid;
    if (mine) die();
    return result;
  };
};
for (const name of [
  'writeSync',
  'writeFileSync',
  'mkdirSync',
  'mkdtempSync',
  'openSync',
  'closeSync',
  'linkSync',
  'renameSync',
  'unlinkSync',
  'rmdirSync',
])
  wrap(fs, name);
wrap(children, 'spawn');
wrap(process, 'kill');
wrap(process, 'exit');
