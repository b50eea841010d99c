/**
 * What is wrong with a text as XML: enough of a reader to hold pictures against, and no more (no DTDs, no CDATA).
 */

const NAME = /^[A-Za-z_][\w.-]*$/;
const ENTITY = /^(?:amp|lt|gt|quot|#39);/;

/** Undefined: it is well-formed, with one root. */
export function xmlProblem(text: string): string | undefined {
  const open: string[] = [];
  let roots = 0;
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    return 'a character that XML does not allow';
  for (const [index, part] of text.split('<').entries()) {
    const end = part.indexOf('>');
    const [inside, after] = index === 0 ? ['', part] : [part.slice(0, end), part.slice(end + 1)];
    if (index > 0 && end === -1) return `no end of <${part}`;
    const between =
      badEntity(after) ?? (open.length === 0 && index === 0 && after.trim() !== '' ? after : undefined);
    if (between !== undefined) return `wrong text: ${between}`;
    if (index === 0) continue;
    if (inside.startsWith('/')) {
      if (open.pop() !== inside.slice(1)) return `</${inside.slice(1)} closes nothing`;
    } else {
      const { name, closed, problem } = readTag(inside);
      if (problem !== undefined) return problem;
      if (open.length === 0) roots += 1;
      if (!closed) open.push(name);
    }
    if (open.length === 0 && after.trim() !== '') return `text outside of the root: ${after}`;
  }
  if (open.length > 0) return `not closed: ${open.join(', ')}`;
  return roots === 1 ? undefined : `${roots} roots`;
}

function readTag(inside: string): { name: string; closed: boolean; problem: string | undefined } {
  const closed = inside.endsWith('/');
  const [name = '', ...rest] = (closed ? inside.slice(0, -1) : inside).split(/\s+(.*)/s);
  const seen = new Set<string>();
  let left = rest.join('').trim();
  if (!NAME.test(name)) return { name, closed, problem: `no name: <${inside}` };
  while (left !== '') {
    const match = /^([\w:.-]+)="([^"]*)"\s*/.exec(left);
    if (match === null || seen.has(match[1]!) || badEntity(match[2]!) !== undefined) {
      return { name, closed, problem: `wrong attribute: ${left}` };
    }
    seen.add(match[1]!);
    left = left.slice(match[0].length);
  }
  return { name, closed, problem: undefined };
}

function badEntity(text: string): string | undefined {
  return text
    .split('&')
    .slice(1)
    .find((rest) => !ENTITY.test(rest));
}
