/**
 * Names of services that we take, for names that others take. Pure but for what it remembers.
 */
import { SERVICE_NAME } from '../config/schema/edge.ts';

export interface Names {
  /** Ours for one of the source: the same as before for the same one, and no two alike. */
  of(theirs: string): string;
  /** One that nobody has yet, for something that is called so too. */
  another(theirs: string): string;
}

export function createNames(): Names {
  const ours = new Map<string, string>();
  const taken = new Set<string>();
  const another = (theirs: string): string => {
    const base = fitting(theirs);
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base}-${count}`;
    taken.add(name);
    return name;
  };
  return {
    another,
    of(theirs) {
      const name = ours.get(theirs) ?? another(theirs);
      ours.set(theirs, name);
      return name;
    },
  };
}

/** Tells that a service is called differently here. */
export function renamed(theirs: string, ours: string): string {
  return `"${theirs}" is called "${ours}": a name is ${SERVICE_NAME.wanted}`;
}

const MOST_CHARACTERS = 60;

function fitting(name: string): string {
  if (SERVICE_NAME.pattern.test(name) && name !== '__proto__') return name;
  const plain = name
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, MOST_CHARACTERS);
  return plain === '' ? 'service' : plain;
}
