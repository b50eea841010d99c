/**
 * A service of a compose file: what it is called, what is written of it, and whether it can run without its image. Pure.
 */
import { isMap } from '../../config/yaml/document-value.ts';
import { shellWords } from '../texts.ts';
import { get, textAt, textsOf } from '../values.ts';

export interface ComposeService {
  /** As the source calls it. */
  readonly theirs: string;
  /** As we call it. */
  readonly name: string;
  /** With what it extends. */
  readonly written: unknown;
  /** The words of its command; undefined: docker runs it. */
  readonly argv: readonly string[] | undefined;
  /** By the ports that it has inside: those of this machine; undefined: not known before it runs. */
  readonly ports: ReadonlyMap<string, string | undefined>;
}

/** Its words, if this machine can run them: those of an image need the image's own entrypoint, unless they name a program. */
export function argvOf(written: unknown): readonly string[] | undefined {
  const entrypoint = wordsAt(written, 'entrypoint');
  const command = wordsAt(written, 'command');
  if (entrypoint === undefined && command === undefined) return undefined;
  const argv = [...(entrypoint ?? []), ...(command ?? [])];
  const [program = ''] = argv;
  if (program === '' || program.startsWith('-')) return undefined;
  const image = textAt(written, 'image');
  const isBuilt = get(written, 'build') !== undefined || image === undefined;
  return isBuilt || entrypoint !== undefined || mountsFolder(written) || isProgramOf(program, image)
    ? argv
    : undefined;
}

/** A text is cut into words, and no shell reads it. */
function wordsAt(written: unknown, key: string): readonly string[] | undefined {
  const value = get(written, key);
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return textsOf(value);
  const [line = ''] = textsOf(value);
  return shellWords(line) ?? [line];
}

const RUN_ANYTHING =
  /^(?:node|npm|npx|yarn|pnpm|bun|deno|python[\d.]*|ruby|bundle|rails|php|go|cargo|java|dotnet|mix|(?:ba|da|a)?sh)$/;

function isProgramOf(program: string, image: string): boolean {
  const base = program.split('/').at(-1)!;
  const [name = ''] = (image.split('/').at(-1) ?? '').split(/[:@]/);
  return (
    RUN_ANYTHING.test(base) || (name !== '' && base.startsWith(name.slice(0, Math.max(4, name.length - 2))))
  );
}

/** Whether it runs in a folder of this machine: that is its code, others may be data. */
function mountsFolder(written: unknown): boolean {
  const inside = `${textAt(written, 'working_dir') ?? ''}/`;
  return mountsOf(written).some(
    ({ from, to }) => from === '.' || from === './' || inside.startsWith(`${to.replace(/\/$/, '')}/`),
  );
}

export interface Mount {
  readonly from: string;
  readonly to: string;
}

/** What of this machine is seen inside, by its path there. */
export function mountsOf(written: unknown): readonly Mount[] {
  const volumes = get(written, 'volumes');
  if (!Array.isArray(volumes)) return [];
  return volumes.flatMap((volume: unknown) => {
    const [from = '', to = ''] = isMap(volume)
      ? [textAt(volume, 'source'), textAt(volume, 'target')]
      : (textsOf(volume)[0] ?? '').split(':');
    return /^[./~]/.test(from) && to.startsWith('/') ? [{ from, to }] : [];
  });
}

/** By the port inside. */
export function portsOf(written: unknown): ReadonlyMap<string, string | undefined> {
  const ports = get(written, 'ports');
  if (!Array.isArray(ports)) return new Map();
  return new Map(
    ports.flatMap((port: unknown): (readonly [string, string | undefined])[] => {
      if (isMap(port)) {
        const inside = textAt(port, 'target');
        return inside === undefined ? [] : [[inside, textAt(port, 'published')]];
      }
      const [, outside, inside = ''] =
        /^(?:(?:\[[^\]]*\]|\d+\.[\d.]+):)?(?:(.*):)?([^:]+?)(?:\/\w+)?$/.exec(textsOf(port)[0] ?? '') ?? [];
      return inside === '' ? [] : rangeOf(inside, outside);
    }),
  );
}

const MOST_PORTS = 1000;

function rangeOf(inside: string, outside: string | undefined): (readonly [string, string | undefined])[] {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(inside) ?? [];
  const first = /^(\d+)-\d+$/.exec(outside ?? '')?.[1];
  if (from === undefined || first === undefined) return [[inside, outside === '' ? undefined : outside]];
  const length = Math.min(MOST_PORTS, Number(to) - Number(from) + 1);
  return Array.from({ length: Math.max(0, length) }, (_, at) => [
    String(Number(from) + at),
    String(Number(first) + at),
  ]);
}
