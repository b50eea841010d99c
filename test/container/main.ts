/**
 * `npm run container` (root, Linux): packs this checkout, builds `examples/container` into an image as its Dockerfile says, runs it
 * as a real container, and stops it as engines do.
 *
 * It takes podman; the base image is the engine's own `node:22-slim`, or, where no registry of images can be reached, one of
 * debootstrap and this machine's Node. Everything is in a folder of its own, images included, which is removed at the end.
 */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NPM_PACK } from '../support/npm-pack.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { makeBaseImage } from './base-image.ts';
import { createEngine, type Engine } from './engine.ts';

const PORT = 18_080;
const BASE = 'docker.io/library/node:22-slim';
/** `stop` kills after ten seconds. */
const KILLED_AFTER_MS = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'orderly-container-'));
try {
  const engine = createEngine(folder);
  if (engine.run(['image', 'exists', BASE]).status !== 0 && engine.run(['pull', BASE]).status !== 0) {
    console.log(`${BASE} can't be pulled: a base image is made of debootstrap and this machine's Node`);
    makeBaseImage(engine, folder, BASE);
  }
  build(engine);
  stopBy(engine, 'SIGTERM');
  stopBy(engine, 'SIGINT');
  console.log('the container of the example was built, answered, and stopped cleanly');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function build(engine: Engine): void {
  const app = join(folder, 'app');
  cpSync(join(repositoryRoot(), 'examples', 'container'), app, { recursive: true });
  expect(spawnSync('npm', [...NPM_PACK, '--pack-destination', app], { cwd: repositoryRoot() }));
  expect(engine.run(['build', ...engine.buildOptions, '-t', 'shop-web', app]));
}

/** The image's own STOPSIGNAL, or another: what an image that it is based on may bring. */
function stopBy(engine: Engine, signal: NodeJS.Signals): void {
  const name = `web-${signal.toLowerCase()}`;
  const options = ['-d', '--name', name, '--network', 'host', '-e', `PORT=${PORT}`, '--stop-signal', signal];
  expect(engine.run(['run', ...options, 'shop-web']));
  try {
    const answer = spawnSync('curl', [
      '-sf',
      '--retry',
      '20',
      '--retry-connrefused',
      '--retry-delay',
      '1',
      `http://127.0.0.1:${PORT}/`,
    ]);
    expect(answer);
    const askedMs = performance.now();
    expect(engine.run(['stop', name]));
    const tookMs = performance.now() - askedMs;
    const log = engine.run(['logs', name]);
    const said = `${log.stdout}${log.stderr}`;
    assert.match(said, new RegExp(`orderly: stopped after .*: ${signal}`), said);
    assert.match(said, /the last upload is in/, said);
    assert.ok(tookMs < KILLED_AFTER_MS, `it took ${tookMs} ms`);
    const status = engine.run(['inspect', name, '--format', '{{.State.ExitCode}}']).stdout.trim();
    assert.equal(status, signal === 'SIGTERM' ? '143' : '130', said);
    console.log(`${signal}: stopped after ${tookMs.toFixed(0)} ms with status ${status}`);
  } finally {
    engine.run(['rm', '-f', name]);
  }
}

function expect(end: SpawnSyncReturns<string | Buffer>): void {
  if (end.status !== 0)
    throw new Error(`status ${end.status}: ${end.error?.message ?? ''}${end.stdout}${end.stderr}`);
}
