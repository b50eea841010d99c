/**
 * The text of a `supervisor.yaml` of what was imported, in the order of the source. Pure.
 */
import { type Imported, type ImportedService, SERVICE_KEYS, type Value } from './imported.ts';

const WIDTH = 120;

/** `from`: what it was made of, for its first line. */
export function writeConfig({ top, services }: Imported, from: string): string {
  const head = [
    `# Made of ${oneLine(from)} by "orderly import". "orderly check" shows what it means, "orderly up" runs it.`,
  ];
  const whole = Object.entries(top).flatMap(([key, value]) =>
    value === undefined ? [] : entry(key, value, ''),
  );
  return `${[...head, ...whole, '', 'services:', ...services.flatMap(ofService)].join('\n')}\n`;
}

function ofService({ name, keys, notes = [] }: ImportedService, index: number): readonly string[] {
  const known = SERVICE_KEYS.flatMap((key) => {
    const value = keys[key];
    return value === undefined ? [] : entry(key, value, '    ');
  });
  const about = notes.map((note) => `    # ${oneLine(note)}`);
  return [...(index === 0 ? [] : ['']), `  ${scalar(name, false)}:`, ...about, ...known];
}

/** A comment ends where its line does, whatever stands in a name. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufeff\ufffe\uffff]+/gu, ' ');
}

function entry(key: string, value: Value, indent: string): readonly string[] {
  const name = `${indent}${scalar(key, false)}:`;
  const block = typeof value === 'string' ? blockScalar(value, indent) : undefined;
  if (block !== undefined) return [`${name} ${block}`];
  const inline = flow(value, key === 'restart' || key === 'policy');
  const pairs = pairsOf(value);
  const fits = name.length + 1 + inline.length <= WIDTH;
  if (pairs !== undefined && pairs.length > 0 && (!fits || OPEN.has(key)))
    return [name, ...pairs.flatMap(([inner, one]) => entry(inner, one, `${indent}  `))];
  if (Array.isArray(value) && value.length > 0 && !fits)
    return [name, ...value.map((item) => `${indent}  - ${flow(item)}`)];
  const isWord = typeof value !== 'string' || inline === value;
  return [`${name} ${isWord ? inline : scalar(value, false)}`];
}

/** One entry a line, as people write them. */
const OPEN = new Set(['env', 'labels']);

function pairsOf(value: Value): readonly (readonly [string, Value])[] | undefined {
  if (value instanceof Map) return [...(value as ReadonlyMap<string, Value>)];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).flatMap(([key, one]) =>
    one === undefined ? [] : [[key, one as Value] as const],
  );
}

/** On one line. `no` is a policy, and no truth value. */
function flow(value: Value, isPolicy = false): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return isPolicy && value === 'no' ? 'no' : scalar(value, true);
  if (Array.isArray(value)) return `[${value.map((item: Value) => flow(item)).join(', ')}]`;
  const pairs = (pairsOf(value) ?? []).map(
    ([key, one]) => `${scalar(key, true)}: ${flow(one, key === 'policy')}`,
  );
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

const PLAIN = /^(?:--?)?[A-Za-z_./](?:[\w./@%+=~-]|:(?=[\w./@%+=~-])| (?=[\w./@%+=~&|-]))*$/;
/** Durations, sizes, addresses. */
const MEASURE = /^(?:(?:\d+(?:ms|[hms]))+|\d+[KMGT]?i?B|\d+\.\d+\.\d+\.\d+(?::\d+)?)$/;
/** Readers of older YAML take them for something else than a text. */
const NO_TEXT = /^(?:true|false|null|yes|no|on|off|y|n|\.?nan|\.inf|\.\d.*|\.+)$/i;
const SHOWN = /^[^\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]*$/u;

function scalar(text: string, isInside: boolean): string {
  const isPlain = PLAIN.test(text) || (!isInside && LINE.test(text) && !/: | #|:$|\s$/.test(text));
  if (MEASURE.test(text)) return text;
  if (isPlain && !NO_TEXT.test(text) && SHOWN.test(text) && !text.endsWith(' ')) return text;
  if (/["\\]/.test(text) && !text.includes("'") && SHOWN.test(text)) return `'${text}'`;
  return quoted(text);
}

/** What a line of a script may begin with and have in it, where no bracket is open. */
const LINE = /^[A-Za-z_./$(][^\n]*$/;

function quoted(text: string): string {
  const escaped = JSON.stringify(text.replaceAll(/\p{Cs}/gu, '\ufffd')).replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu,
    (odd) =>
      [...odd.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
  return escaped.replaceAll(/(?:\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})/g, (pair) => {
    const units = [pair.slice(2, 6), pair.slice(8)].map((hex) => Number.parseInt(hex, 16));
    const code = String.fromCharCode(...units).codePointAt(0)!;
    return `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

/** A script of several lines as it is; undefined: it is none, or YAML would read it differently. */
function blockScalar(text: string, indent: string): string | undefined {
  const lines = text.replace(/\n$/, '').split('\n');
  const isScript =
    lines.length > 1 && lines.every((line) => SHOWN.test(line.replaceAll('\t', '')) && !/\s$/.test(line));
  if (!isScript || /^\s/.test(text) || lines.at(-1) === '') return undefined;
  const mark = text.endsWith('\n') ? '|' : '|-';
  return [mark, ...lines.map((line) => (line === '' ? '' : `${indent}  ${line}`))].join('\n');
}
