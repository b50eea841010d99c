/**
 * `orderly doctor`: what this machine can do for orderly, and what each lack means, a line each. It ends with 0 unless
 * something is missing without which nothing works.
 */
import { jsonText, printableData } from '../events/printable.ts';
import type { Finding } from '../process/machine/finding.ts';
import type { Ending, World } from './world.ts';

export async function doctor(world: World, options: { readonly output?: 'text' | 'json' }): Promise<Ending> {
  const findings = printableData(await world.examineMachine(), new Set());
  const lines =
    options.output === 'json' ? findings.map((finding) => jsonText(finding)) : findingLines(findings);
  world.print(`${lines.join('\n')}\n`);
  return { status: findings.some(({ state }) => state === 'missing') ? 1 : 0 };
}

/** Aligned, the names under each other. Pure. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  const nameWidth = Math.max(...findings.map(({ name }) => name.length));
  const stateWidth = Math.max(...findings.map(({ state }) => state.length));
  return findings.map((finding) => {
    const { name, state, found, means, remedy } = finding;
    const tail = [means, remedy].filter((part) => part !== undefined).join('; ');
    const text = tail === '' ? found : `${found}: ${tail}`;
    return `${name.padEnd(nameWidth)}  ${state.padEnd(stateWidth)}  ${text}`;
  });
}
