/**
 * Which format a file is in, by its name, else by what it holds. Pure.
 */
import { basename } from 'node:path';
import { isMap } from '../config/yaml/document-value.ts';
import { linesOf } from './lines.ts';

export const FORMATS = [
  'compose',
  'process-compose',
  'procfile',
  'mprocs',
  'package-json',
  'supervisord',
  'pm2',
] as const;

export type Format = (typeof FORMATS)[number];

const BY_NAME: readonly (readonly [RegExp, Format])[] = [
  [/^process-compose(?:[.-][\w.-]*)?\.(?:ya?ml|json)$/i, 'process-compose'],
  [/^(?:docker-|podman-)?compose(?:[.-][\w.-]*)?\.ya?ml$/i, 'compose'],
  [/^Procfile(?:\..*)?$|\.procfile$/i, 'procfile'],
  [/^mprocs(?:[.-][\w.-]*)?\.(?:ya?ml|json)$/i, 'mprocs'],
  [/^package\.json$/, 'package-json'],
  [/^supervisord?(?:[.-][\w.-]*)?\.(?:conf|ini)$/i, 'supervisord'],
  [
    /^(?:ecosystem|pm2|processes?)(?:[.-][\w.-]*)?\.(?:[cm]?[jt]s|json|ya?ml)$|\.pm2\.(?:[cm]?js|json)$/i,
    'pm2',
  ],
];

/** Undefined: the name says nothing. */
export function formatOfName(file: string): Format | undefined {
  return BY_NAME.find(([pattern]) => pattern.test(basename(file)))?.[1];
}

/** `value`: the text read as YAML, if it can be. Undefined: it looks like none of them. */
export function formatOfContent(text: string, value: unknown): Format | undefined {
  if (/^\[(?:program:|supervisord\])/m.test(text)) return 'supervisord';
  if (Array.isArray(value))
    return value.every((one) => isMap(one) && Object.hasOwn(one, 'script')) ? 'pm2' : undefined;
  const has = (key: string): boolean => isMap(value) && isMap(value[key]);
  if (has('processes')) return 'process-compose';
  if (has('procs')) return 'mprocs';
  if (isMap(value) && Object.hasOwn(value, 'apps')) return 'pm2';
  if (has('services')) return 'compose';
  if (has('scripts')) return 'package-json';
  const lines = linesOf(text).filter(({ text: line }) => !/^\s*(?:#.*)?$/.test(line));
  const isProcfile = lines.length > 0 && lines.every(({ text: line }) => /^[\w.-]+\s*:\s*\S/.test(line));
  return isProcfile ? 'procfile' : undefined;
}

/** Of a file that is named as a configuration of ours, and can't be read as one. Undefined: it may be meant as one. */
export function foreignFormat(file: string, text: string, value: unknown): Format | undefined {
  const named = formatOfName(file);
  if (!isMap(value) || !isMap(value.services)) {
    const format = named ?? formatOfContent(text, value);
    // Any line with a colon could be one of those.
    return format === 'compose' || (format === 'procfile' && named === undefined) ? undefined : format;
  }
  // Services are ours too, but those of images.
  const services = Object.values(value.services);
  const isImage = (one: unknown): boolean =>
    isMap(one) && (Object.hasOwn(one, 'image') || Object.hasOwn(one, 'build'));
  const isCompose = named === 'compose' ? services.some(isImage) : services.every(isImage);
  return isCompose && services.length > 0 ? 'compose' : undefined;
}

/** As people call them. */
export const CALLED: Readonly<Record<Format, string>> = {
  compose: 'a compose file',
  'process-compose': 'a process-compose file',
  procfile: 'a Procfile',
  mprocs: 'an mprocs file',
  'package-json': 'the scripts of a package',
  supervisord: 'a supervisord.conf',
  pm2: 'a pm2 ecosystem file',
};
