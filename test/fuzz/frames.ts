/**
 * Frames at random for the helper: what a supervisor says, in an order that none would choose, and what none says.
 */
import {
  closeFrame,
  filesFrame,
  guardFrame,
  helloFrame,
  quitFrame,
  reapFrame,
  signalFrame,
  spawnFrame,
  vacateFrame,
} from '../../src/process/helper/wire.ts';

export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  chance(share: number): boolean;
}

/** The same numbers for the same seed (xorshift32, Marsaglia 2003). */
export function randomFrom(seed: number): Random {
  let state = seed | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return { below: (limit) => Math.floor(next() * limit), chance: (share) => next() < share };
}

export interface Session {
  readonly frames: readonly Buffer[];
  /** It ends with a farewell, which kills nobody. */
  readonly mayLeave: boolean;
}

/** Of one session, which begins with a hello mostly. */
export function randomFrames(random: Random, mark: string, file: string): Session {
  const count = 1 + random.below(random.chance(0.3) ? 20 : 1500);
  const frames = random.chance(0.97) ? [helloFrame(random.chance(0.5)), guardFrame(`m${mark}\n`)] : [];
  const nextSlot = slots(random);
  for (let n = 0; n < count; n++) frames.push(sound(random, nextSlot, mark, file));
  const last = random.below(10);
  if (last < 6) frames.push(broken(random, sound(random, nextSlot, mark, file)));
  else if (last === 6) frames.push(quitFrame());
  return { frames, mayLeave: last === 6 };
}

/** Mostly one that is free: what is taken ends the session. */
function slots(random: Random): () => number {
  let next = 0;
  return () => {
    if (random.chance(0.002)) return random.below(20_000);
    next += 1 + (random.chance(0.01) ? random.below(300) : 0);
    return next % 16_384;
  };
}

function sound(random: Random, nextSlot: () => number, mark: string, file: string): Buffer {
  const some = (): number[] =>
    Array.from({ length: random.below(6) }, () => random.below(random.chance(0.9) ? 200 : 16_384));
  switch (random.below(11)) {
    case 0:
      return closeFrame(some());
    case 7:
      return random.chance(0.7) ? signals(random, some()) : vacateFrame(folders(random));
    case 1:
    case 2:
    case 3:
      return reapFrame(some());
    case 4:
      return filesFrame(random.below(2) * 1000, false);
    case 5:
      return guardFrame(lines(random));
    case 6:
      return random.chance(0.5) ? closeFrame([]) : reapFrame([]);
    default:
      return random.chance(0.85) ? closeFrame(some()) : spawn(random, nextSlot(), mark, file);
  }
}

function signals(random: Random, slots: readonly number[]): Buffer {
  const [cgroup = ''] = folders(random);
  return signalFrame(
    slots.map((slot) => ({
      ...{ slot, signal: random.below(random.chance(0.99) ? 65 : 100), cgroup },
      ...{ toGroup: random.chance(0.5), thenContinue: random.chance(0.5) },
    })),
  );
}

function folders(random: Random): readonly string[] {
  const names = ['/no/such/cgroup', '/proc', '', 'x'.repeat(random.below(9_000)), '/no/such/file'];
  return Array.from({ length: random.below(4) }, () => names[random.below(names.length)]!);
}

/** Nothing in them is anybody's: numbers beyond those that the system gives. */
function lines(random: Random): string {
  const words = ['+4194304:5', '=4194305:', '-4194304', 'c/no/such/cgroup', '+x', '', '=', 'c', '+1:1', '-1'];
  const word = (): string =>
    random.chance(0.05) ? 'm'.repeat(4_096 + random.below(5_000)) : words[random.below(words.length)]!;
  return Array.from({ length: random.below(5) }, () => `${word()}\n`).join('');
}

function spawn(random: Random, slot: number, mark: string, file: string): Buffer {
  const programs = [
    ['true'],
    ['false'],
    ['sleep', '1000'],
    ['/no/such/program'],
    ['sh', '-c', 'sleep 1000 & setsid sleep 1000 & exit 3'],
    ['sh', '-c', 'kill -9 $$'],
    ['/etc/passwd'],
    [file, 'x'.repeat(random.below(3000))],
    [''],
  ];
  const streams = ['null', 'closed', 'outlet', 'inlet', 'file'] as const;
  const frame = spawnFrame(slot, {
    argv: programs[random.below(programs.length)]!,
    cwd: random.chance(0.9) ? '/' : '/no/such/folder',
    env: { PATH: random.chance(0.9) ? '/bin:/usr/bin' : '', ORDERLY_MARK: mark },
    streams: Array.from({ length: random.below(random.chance(0.01) ? 12 : 5) }, (_, fd) =>
      fd > 0 && random.chance(0.3) ? 'outlet' : streams[random.below(random.chance(0.05) ? 5 : 2)]!,
    ),
    file: random.chance(0.2)
      ? { path: random.chance(0.5) ? '/dev/null' : '/no/such/file', isTerminal: random.chance(0.5) }
      : undefined,
    rights: {
      ids: random.chance(0.1)
        ? { uid: 65_534, gid: 65_534, groups: [65_534, 1].slice(random.below(3)) }
        : undefined,
      umask: random.chance(0.1) ? random.below(0o1000) : undefined,
      nice: random.chance(0.1) ? random.below(40) - 20 : undefined,
      limits: random.chance(0.1)
        ? [{ resource: random.below(20), soft: random.below(1000), hard: random.below(1000) }]
        : [],
    },
    ownSession: random.chance(0.8),
    cgroup: random.chance(0.2) ? '/no/such/cgroup' : undefined,
  });
  return frame!;
}

function broken(random: Random, frame: Buffer): Buffer {
  const bytes = Buffer.from(frame);
  switch (random.below(5)) {
    case 0: // cut
      return bytes.subarray(0, random.below(bytes.length));
    case 1: // a length that is another
      bytes.writeUInt32LE(random.chance(0.5) ? random.below(64) : random.below(2 ** 31), 0);
      return bytes;
    case 2: // numbers that are others; not what would be obeyed: what is executed, whom the guardian kills, our own limits
      if (bytes[4] === 'G'.charCodeAt(0) || bytes[4] === 'L'.charCodeAt(0)) return bytes.subarray(0, -1);
      for (let n = 1 + random.below(8); n > 0; n--)
        bytes[4 + random.below(Math.min(bytes.length - 4, 25))] = random.below(256);
      return bytes;
    case 3: // nothing of a frame
      return Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
    default: // more than it says
      return Buffer.concat([bytes, Buffer.alloc(random.below(10))]);
  }
}
