/**
 * What a command does with a text that is given to it, as far as its words tell: shells read it again as a script, some
 * built-ins calculate with it. Pure.
 */

const SHELLS = new Set('sh ash dash bash ksh mksh zsh'.split(' '));
/** They give the text behind `-c` to a shell. */
const LIKE_SHELLS = new Set('fish csh tcsh su runuser sg flock script'.split(' '));
/** They keep a text, or take one, to execute it. */
const REREADS = new Set(['eval', 'trap', 'alias']);
const DECLARES = new Set(['declare', 'typeset', 'local', 'readonly', 'export']);
const PREFIXES = new Set(['command', 'builtin', 'exec', 'env']);
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const COMPARES_NUMBERS = /\s-(?:eq|ne|lt|le|gt|ge)\s/;

/** What becomes of a word: it is read as a script once more, or calculated with (bash executes `a[$(…)]` there). */
export type Use = 'reread' | 'number' | undefined;

/** Of the word after these, in this script. */
export function useOf(words: readonly string[], script: string): Use {
  if (words.length === 0) return undefined;
  const first = words.find((word) => !ASSIGNMENT.test(word) && !PREFIXES.has(word));
  if (first !== undefined && REREADS.has(first)) return 'reread';
  if (first === 'let' || (first === '[[' && COMPARES_NUMBERS.test(script))) return 'number';
  if (first !== undefined && DECLARES.has(first) && words.some((word) => /^-[A-Za-z]*i/.test(word)))
    return 'number';
  return isScriptNext(words) ? 'reread' : undefined;
}

/** Whether a word that has been begun is the index of an array that something is assigned to. */
export function isSubscript({
  word,
  words,
}: {
  readonly word: string;
  readonly words: readonly string[];
}): boolean {
  return /^[A-Za-z_]\w*\[[^\]]*$/.test(word) && words.every((before) => ASSIGNMENT.test(before));
}

function isScriptNext(words: readonly string[]): boolean {
  const shell = words.findIndex((word) => isShell(word) || LIKE_SHELLS.has(nameOf(word)));
  if (shell === -1) return false;
  const option = words.findIndex((word, index) => index > shell && isScriptOption(word));
  if (option === -1 || !words.slice(option + 1).every(isOption)) return false;
  const between = words.slice(shell + 1, option);
  return (
    !isShell(words[shell]!) || between.every((word, index) => isOption(word) || takesWord(between[index - 1]))
  );
}

/** Where in a list that is executed as it is a script stands: the list is a shell with `-c`. */
export function scriptIndex(argv: readonly unknown[]): number | undefined {
  const start = typeof argv[0] === 'string' && nameOf(argv[0]) === 'busybox' ? 1 : 0;
  const program = argv[start];
  if (typeof program !== 'string' || !isShell(program)) return undefined;
  let hasScript = false;
  for (let index = start + 1; index < argv.length; index++) {
    const word = argv[index];
    if (typeof word !== 'string' || !isOption(word)) return hasScript ? index : undefined;
    hasScript ||= isScriptOption(word);
    if (takesWord(word)) index += 1;
  }
  return undefined;
}

function isOption(word: string): boolean {
  return /^[-+]/.test(word);
}

/** `-o pipefail` */
function takesWord(word: string | undefined): boolean {
  return word !== undefined && /^[-+]\w*[oO]$/.test(word);
}

function isShell(word: string): boolean {
  return SHELLS.has(nameOf(word));
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

function isScriptOption(word: string): boolean {
  return /^-[A-Za-z]*c[A-Za-z]*$/.test(word) || word === '--command';
}

/** Programs that read dollars in their arguments themselves, or pass their arguments to a shell. */
const READS_DOLLARS: ReadonlySet<string> = new Set([
  ...[
    'awk',
    'gawk',
    'mawk',
    'nawk',
    'sed',
    'grep',
    'egrep',
    'rg',
    'jq',
    'yq',
    'xargs',
    'make',
    'just',
    'task',
  ],
  ...['perl', 'php', 'ruby', 'node', 'deno', 'bun', 'python', 'python3', 'tclsh', 'expect', 'pwsh', 'nu'],
  ...['ssh', 'watch', 'parallel'],
]);

/** From which word of a command on its words are read by a shell or by a program with dollars of its own. */
export function ownLanguageFrom(argv: readonly unknown[]): number {
  const index = argv.findIndex(
    (word) =>
      typeof word === 'string' &&
      (isShell(word) || LIKE_SHELLS.has(nameOf(word)) || READS_DOLLARS.has(nameOf(word))),
  );
  return index === -1 ? argv.length : index + 1;
}
