/**
 * An image in the place of `node:22-slim`: Debian's smallest, with the Node and npm of this machine, its certificates and its
 * npm settings, and the user `node`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Engine } from './engine.ts';

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

export function makeBaseImage(engine: Engine, folder: string, name: string): void {
  const root = join(folder, 'rootfs');
  run('debootstrap', '--variant=minbase', '--include=libstdc++6', 'bookworm', root, ...mirror());
  cpSync(process.execPath, join(root, 'usr/bin/node'));
  const npm = dirname(dirname(realpathSync(run('sh', '-c', 'command -v npm').trim())));
  cpSync(npm, join(root, 'usr/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/bin/npm'));
  run('chroot', root, 'useradd', '--create-home', '--uid', '1000', 'node');
  mkdirSync(join(root, dirname(CERTIFICATES)), { recursive: true });
  if (existsSync(CERTIFICATES)) cpSync(CERTIFICATES, join(root, CERTIFICATES), { dereference: true });
  const settings = join(homedir(), '.npmrc');
  if (existsSync(settings)) cpSync(settings, join(root, 'root/.npmrc'));
  const tar = join(folder, 'rootfs.tar');
  run('tar', '-C', root, '-cf', tar, '.');
  const imported = engine.run(['import', '--change', `ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, tar, name]);
  if (imported.status !== 0) throw new Error(imported.stderr);
}

/** Where this machine's own packages come from; none if it doesn't say. */
function mirror(): readonly string[] {
  const found = run(
    'sh',
    '-c',
    "grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d || true",
  );
  return found.trim() === '' ? [] : [found.trim().split(/\s+/)[0]!];
}

function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${program}: status ${status}\n${stderr}`);
  return stdout;
}
