import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parameterize, refusedValues, scriptOf } from '../../../../src/config/shell/values.ts';
import type { Template } from '../../../../src/config/types.ts';

/** `@` stands for a value in a script. */
function scriptWith(text: string): Template {
  const value = { service: 'db', value: 'v' };
  return text
    .split(/(@)/)
    .filter((part) => part !== '')
    .map((part) => (part === '@' ? value : part));
}

const V = '$' + '{ORDERLY_VALUE_1}';

/** What the shell gets, or why it gets nothing. */
const table: readonly [what: string, text: string, shell: string | RegExp][] = [
  ['bare', 'echo @', `echo "${V}"`],
  ['in a word', 'curl http://h:@/x', `curl http://h:"${V}"/x`],
  ['twice', 'a @ @', `a "${V}" "${V}"`],
  ['in double quotes', 'echo "a @"', `echo "a ${V}"`],
  ['behind an escaped quote', 'echo "\\"@"', `echo "\\"${V}"`],
  ['in single quotes', "echo 'a @ b'", `echo 'a '"${V}"' b'`],
  ['an apostrophe in double quotes', 'echo "it\'s @"', `echo "it's ${V}"`],
  ['in a comment', 'a # it\'s @\nb "@"', `a # it's ${V}\nb "${V}"`],
  ['behind # in a word', 'a b#@', `a b#"${V}"`],
  ['in a substitution', 'a "$(b "@" @)"', `a "$(b "${V}" "${V}")"`],
  [
    'in a substitution with a pattern',
    'a "$(case x in x) b @;; esac) @"',
    `a "$(case x in x) b "${V}";; esac) ${V}"`,
  ],
  ['in backquotes', 'a `b "@"` @', `a \`b "${V}"\` "${V}"`],
  ['in backquotes in quotes', 'a "`b @`@"', `a "\`b "${V}"\`${V}"`],
  ['in backquotes with a backslash', 'a `b \\"@\\"`', /backquotes with a backslash/],
  ['in a default', 'a ${X:-@} "${X:-@}"', `a ${'$'}{X:-"${V}"} "${'$'}{X:-${V}}"`],
  ['in a pattern', 'a ${X#@}', /a pattern or an index/],
  ['as an index', 'a ${X:@}', /a pattern or an index/],
  ['in a here-document', 'cat <<E\nit\'s "@"\nE\nb @', `cat <<E\nit's "${V}"\nE\nb "${V}"`],
  ['in two of them', 'cat <<A <<-B\n@\nA\n@\n\tB\nb @', `cat <<A <<-B\n${V}\nA\n${V}\n\tB\nb "${V}"`],
  ['in a quoted here-document', "cat <<'E'\n@\nE", /here-document whose end word is quoted/],
  ['as its end word', 'cat <<@\nx', /here-document whose end word is quoted/],
  ['behind a here-string', 'cat <<< @', `cat <<< "${V}"`],
  ['behind a backslash', 'echo \\@', /a backslash stands before it/],
  ['behind a backslash in quotes', 'echo "\\@"', /a backslash stands before it/],
  ['behind two backslashes', 'echo "\\\\@"', `echo "\\\\${V}"`],
  ['behind a dollar', 'echo $@', /a dollar sign stands before it/],
  ["in $'…'", "echo $'a@'", /don't agree/],
  ["behind $'…' that ends where nobody knows", "echo $'a\\' @", /don't agree/],
  ['in a script of a script', 'sh -c "echo @"', /would execute it/],
  ['in one in single quotes', "exec /bin/bash -ec 'echo @'", /would execute it/],
  ['in one for another user', "su app -c 'echo @'", /would execute it/],
  ['in one far away', "docker exec db sh -c 'echo @'", /would execute it/],
  ['in a substitution in one', 'sh -c "$(echo @)"', /would execute it/],
  ['for eval', 'A=1 eval "x=@"', /would execute it/],
  ['for trap', "trap 'rm @' EXIT", /would execute it/],
  ['as an argument of a script', 'sh -c \'echo "$1"\' sh @', `sh -c 'echo "$1"' sh "${V}"`],
  ['for a script in a file', 'sh run.sh -c @', `sh run.sh -c "${V}"`],
];

for (const [what, text, expected] of table) {
  test(`a value in a text for the shell, ${what}: ${JSON.stringify(text)}`, () => {
    const script = scriptWith(text);
    const refused = refusedValues(script);
    if (expected instanceof RegExp) {
      assert.match(refused[0]?.why ?? '', expected);
      return;
    }
    assert.deepEqual(refused, []);
    const made = parameterize(script, () => 'x');
    assert.equal(made.script, expected);
    assert.deepEqual(made.parameters, { ORDERLY_VALUE_1: 'x' });
  });
}

for (const text of [
  'echo $((@ + 1))',
  '((@ > 1))',
  'let "x=@"',
  '[[ "@" -eq 1 ]]',
  'a[@]=1',
  'echo $((${X:-@}))',
  'local -i x=@',
]) {
  test(`what the shell calculates with must be a number: ${JSON.stringify(text)}`, () => {
    const asked: boolean[] = [];
    parameterize(scriptWith(text), (_value, asNumber) => {
      asked.push(asNumber);
      return '1';
    });
    assert.deepEqual(asked, [true]);
  });
}

const lists: readonly [argv: readonly string[], index: number | undefined][] = [
  [['sh', '-c', 'a @'], 2],
  [['/bin/bash', '-euo', 'pipefail', '-c', 'a @'], 4],
  [['busybox', 'sh', '-c', 'a @'], 3],
  [['bash', 'run.sh', '-c', '@'], undefined],
  [['sh', '-c', 'echo "$1"', 'sh', '@'], undefined],
  [['node', '-e', '@'], undefined],
  [['docker', 'exec', 'db', 'sh', '-c', '@'], undefined],
];

for (const [argv, index] of lists) {
  test(`the list ${argv.join(' ')} ${index === undefined ? 'holds no script with a value' : 'holds a script'}`, () => {
    assert.equal(scriptOf(argv.map((text) => (text.includes('@') ? scriptWith(text) : text)))?.index, index);
  });
}

test('a script nested ten thousand deep is read without an end of the stack', () => {
  const script = scriptWith(`${'echo "$(: `: ${X:-$((${Y:-'.repeat(2000)}@`);
  refusedValues(script);
  assert.deepEqual(refusedValues(scriptWith(`${'$('.repeat(10_000)}echo @${')'.repeat(10_000)}`)), []);
});
