/**
 * Podman with a storage and a configuration of its own, on machines whose root may not raise limits too.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PATIENCE_MS = 300_000;

export interface Engine {
  /** `podman` with these arguments, to its end. */
  run(args: readonly string[], input?: Buffer): SpawnSyncReturns<string>;
  readonly buildOptions: readonly string[];
}

/** `runc` without limits in what it is told: where the machine's root may not raise them, no container could begin. */
const RUNTIME = `#!${process.execPath}
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const argv = process.argv.slice(2);
for (const [index, word] of argv.entries()) {
  const path = /^(-b|--bundle)$/.test(word) ? argv[index + 1] + '/config.json' : /^(-p|--process)$/.test(word) ? argv[index + 1] : '';
  if (path === '' || !existsSync(path)) continue;
  const config = JSON.parse(readFileSync(path, 'utf8'));
  (config.process ?? config).rlimits = [];
  writeFileSync(path, JSON.stringify(config));
}
const { status } = require('node:child_process').spawnSync('runc', argv, { stdio: 'inherit' });
process.exit(status ?? 1);
`;

export function createEngine(folder: string): Engine {
  const runtime = join(folder, 'runc-without-limits');
  writeFileSync(runtime, RUNTIME);
  chmodSync(runtime, 0o755);
  const configuration = join(folder, 'containers.conf');
  writeFileSync(
    configuration,
    '[engine]\ncgroup_manager="cgroupfs"\nevents_logger="file"\n[containers]\ndefault_ulimits=["nofile=2048:2048","nproc=4096:4096"]\n',
  );
  const own = [
    '--root',
    join(folder, 'storage'),
    '--runroot',
    join(folder, 'run'),
    '--storage-driver',
    'vfs',
    '--runtime',
    runtime,
  ];
  const env = { ...process.env, CONTAINERS_CONF: configuration };
  return {
    run: (args, input) =>
      spawnSync('podman', [...own, ...args], {
        env,
        encoding: 'utf8',
        timeout: PATIENCE_MS,
        ...(input && { input }),
      }),
    // What is built may fetch packages as this machine does.
    buildOptions: ['--pull=never', '--isolation', 'chroot', '--network', 'host'],
  };
}
