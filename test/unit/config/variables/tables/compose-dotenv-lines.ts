/**
 * Lines and quotes of files of variables as Docker Compose reads them: each point of the tables of its library, with
 * words of our own.
 *
 * Source: compose-spec/compose-go v2.16.2, `dotenv/godotenv_test.go` and `dotenv/parser_test.go` with their
 * fixtures. What these tests compare without the carriage returns is given without them here.
 */
import { agree, loud, onPurpose, type Row, refused, type Values } from './row.ts';

const NO_PAIR = 'it is not KEY=VALUE';
const QUOTE = 'a single quote behind a backslash';

const plain: readonly Row<Values>[] = [
  agree('nothing around', 'TOWN=plum', { TOWN: 'plum' }),
  agree('a space behind the sign', 'TOWN= plum', { TOWN: 'plum' }),
  agree('a space before the sign', 'TOWN =plum', { TOWN: 'plum' }),
  agree('spaces around the sign', 'TOWN = plum', { TOWN: 'plum' }),
  onPurpose(
    'a name that is a number',
    '789 = KIWI',
    { theirs: {}, ours: { '789': 'KIWI' } },
    'Compose itself keeps it; only a function that its library has for other programs leaves it out',
  ),
  agree('nothing behind the sign but a space', 'TOWN = ', { TOWN: '' }),
  agree('nothing behind the sign', 'TOWN=', { TOWN: '' }),
  agree('words, and a comment behind them', 'TOWN = plum kiwi # Fig lime', { TOWN: 'plum kiwi' }),
  agree('several lines, the last one without an end', 'TOWN=1\nLAKE=\'2\'\nPEAK = "3"', {
    ...{ TOWN: '1', LAKE: '2', PEAK: '3' },
  }),
  agree('words without quotes', 'TOWN=plum kiwi with a fig', { TOWN: 'plum kiwi with a fig' }),
  agree('words without quotes, spaces around', 'TOWN = plum kiwi with a fig', {
    TOWN: 'plum kiwi with a fig',
  }),
  agree('a letter that is not of ASCII', 'TOWN = plum and a kiwi \u00e9 fig', {
    TOWN: 'plum and a kiwi \u00e9 fig',
  }),
  agree('a byte order mark', '\uFEFFTOWN=plum\nLAKE= fig', { TOWN: 'plum', LAKE: 'fig' }),
  agree('a sign at the end of the value', 'TOWN=plumkiwi=', { TOWN: 'plumkiwi=' }),
  agree('a space at the end', 'TOWN=plum ', { TOWN: 'plum' }),
  agree('an address in quotes, behind export', "export TOWN='redis://plum:6379/kiwi?fig=lime'\n\n", {
    TOWN: 'redis://plum:6379/kiwi?fig=lime',
  }),
];

const names: readonly Row<Values>[] = [
  agree('a colon in place of the sign', 'TOWN: 7', { TOWN: '7' }),
  agree('a colon, and the sign in the value', 'TOWN: Plum=kiwi', { TOWN: 'Plum=kiwi' }),
  agree('the sign, and a colon in the value', 'TOWN=7:K', { TOWN: '7:K' }),
  agree('export', 'export TOWN=7', { TOWN: '7' }),
  agree('export, single quotes', "export TOWN='\\n'", { TOWN: '\\n' }),
  agree('export, a name that begins so', 'export exportTown=7', { exportTown: '7' }),
  agree('a name that begins with export', 'exportTOWN=7', { exportTOWN: '7' }),
  agree('export and an underscore', 'export_TOWN =7', { export_TOWN: '7' }),
  agree('export and a dot', 'export.TOWN= 7', { 'export.TOWN': '7' }),
  agree('export and a tab', 'export\tTOWN=7', { TOWN: '7' }),
  agree('spaces before export', '  export TOWN=7', { TOWN: '7' }),
  agree('a tab before export', '\texport TOWN=7', { TOWN: '7' }),
  agree('export within the value', 'export TOWN="export K"', { TOWN: 'export K' }),
  agree('a dot in the name', 'TOWN.HALL=plumkiwi', { 'TOWN.HALL': 'plumkiwi' }),
  agree('dashes in the name', 'TOWN-HALL-GATE=plum', { 'TOWN-HALL-GATE': 'plum' }),
  agree('dots in the name', 'TOWN.HALL.GATE=plum', { 'TOWN.HALL.GATE': 'plum' }),
  agree('underscores in the name', 'TOWN_HALL_GATE=plum', { TOWN_HALL_GATE: 'plum' }),
  agree('a small letter for a name', 't=plum', { t: 'plum' }),
  loud('brackets in the name', 't[7]=plum', { 't[7]': 'plum' }, NO_PAIR),
  agree('capitals within the name', 't.hallOfTown=plum', { 't.hallOfTown': 'plum' }),
  loud(
    'letters that are not of ASCII in the name',
    'k\u00e4se-\u00d6L=Pl\u00fcm-kiw\u00ed',
    {
      ...{ 'k\u00e4se-\u00d6L': 'Pl\u00fcm-kiw\u00ed' },
    },
    NO_PAIR,
  ),
  refused('other characters in the name', '%!(PLUM kiwi)=fig'),
  loud('no name', '="plum"', { '': 'plum' }, NO_PAIR),
  agree('a space before the name and before the sign', ' TOWN =plum', { TOWN: 'plum' }),
  agree('spaces before the name', '   TOWN=plum', { TOWN: 'plum' }),
  agree('a tab before the name', '\tTOWN=plum', { TOWN: 'plum' }),
  refused('neither a sign nor a colon', 'plum$kiwi'),
  refused(
    'a line of words behind a value of several lines',
    '# plum\ntown="\n  a\n  kiwi\n  fig\n"\nLIME PEAR\ndate=fig',
  ),
  agree(
    'many lines',
    Array.from({ length: 1000 }, (_, at) => `TOWN${at}=PLUM${at}`).join('\n'),
    Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`TOWN${at}`, `PLUM${at}`])),
  ),
];

const passedOn: readonly Row<Values>[] = [
  loud(
    'a name alone between others, set',
    'town=plum\nLAKE\nbay=kiwi',
    {
      ...{ town: 'plum', LAKE: 'deep-fig', bay: 'kiwi' },
    },
    NO_PAIR,
    { LAKE: 'deep-fig' },
  ),
  loud('a name alone, set', 'LAKE\n', { LAKE: 'deep-fig' }, NO_PAIR, { LAKE: 'deep-fig' }),
  loud('a name alone, unset', 'LAKE\n', {}, NO_PAIR),
];

const nothing: readonly Row<Values>[] = [
  agree('an empty line', '\n', {}),
  agree('an empty line of Windows', '\r\n', {}),
  agree('a line of blanks', '\t\t ', {}),
  agree('a comment', '# Plum', {}),
  agree('a comment behind blanks', '\t # plum', {}),
];

const quotes: readonly Row<Values>[] = [
  agree('double quotes', 'TOWN="plum"', { TOWN: 'plum' }),
  agree('single quotes', "TOWN='plum'", { TOWN: 'plum' }),
  agree('nothing in single quotes', "TOWN=''", { TOWN: '' }),
  agree('nothing in double quotes', 'TOWN=""', { TOWN: '' }),
  agree('a backslash and n in single quotes', "TOWN='\\n'", { TOWN: '\\n' }),
  agree('a backslash and n in double quotes', 'TOWN="\\n"', { TOWN: '\n' }),
  agree('single quotes in double ones, and a comment', 'TOWN = "plum \'kiwi\'" # Fig lime', {
    TOWN: "plum 'kiwi'",
  }),
  agree('several lines in single quotes', "TOWN = 'plum kiwi\nfig kiwi\nlime kiwi\nand pear'", {
    TOWN: 'plum kiwi\nfig kiwi\nlime kiwi\nand pear',
  }),
  loud('a backslash before a single quote', "TOWN='Plum\\'s kiwi!'", { TOWN: "Plum's kiwi!" }, QUOTE),
  agree('words in double quotes, spaces around', 'TOWN = "plum kiwi"', { TOWN: 'plum kiwi' }),
  agree(
    'two addresses on two lines',
    'TOWN="amqp+tls://plum.kiwi.example:5671\namqp+tls://plum.kiwi.example:443"',
    {
      TOWN: 'amqp+tls://plum.kiwi.example:5671\namqp+tls://plum.kiwi.example:443',
    },
  ),
  agree('a double quote behind a backslash', 'TOWN="plum\\"kiwi"', { TOWN: 'plum"kiwi' }),
  agree('two of them around the value', 'TOWN="\\"plum\\""', { TOWN: '"plum"' }),
  agree('single quotes alone in double ones', 'TOWN="\'k\'"', { TOWN: "'k'" }),
  agree('a line within', 'TOWN="plum\\nkiwi"', { TOWN: 'plum\nkiwi' }),
  agree('a backslash and t without quotes', 'TOWN=k\\tl', { TOWN: 'k\\tl' }),
  agree('a backslash and t in double quotes', 'TOWN="k\\tl"', { TOWN: 'k\tl' }),
  agree('every escape', 'TOWN="K\\aK\\bK\\fK\\nK\\rK\\tK\\vK\\\\K\\0112K"', {
    TOWN: 'K\x07K\bK\fK\nK\rK\tK\vK\\KJK',
  }),
  agree('an octal escape', 'TOWN="\\0112"', { TOWN: 'J' }),
  agree('a hexadecimal escape is none', 'TOWN="\\x09"', { TOWN: '\\x09' }),
  agree('an escape of four digits is none', 'TOWN="\\u21f5"', { TOWN: '\\u21f5' }),
  agree('an escape of eight digits is none', 'TOWN="\\U00104321"', { TOWN: '\\U00104321' }),
  agree('a backslash before a space', 'TOWN="plum\\n\\ k\\afig"', { TOWN: 'plum\n\\ k\x07fig' }),
  agree('two backslashes, then a line', 'TOWN="plum\\\\\\n\\ k\\afig"', { TOWN: 'plum\\\n\\ k\x07fig' }),
  agree('two backslashes before r', 'TOWN="plum\\\\r\\ k\\afig"', { TOWN: 'plum\\r\\ k\x07fig' }),
  agree('two backslashes before the closing quote', 'TOWN="plum\\nkiwi\\\\"', { TOWN: 'plum\nkiwi\\' }),
  refused('a double quote alone', 'TOWN="'),
  refused('a double quote that is not closed', 'TOWN="plum'),
  refused('one that is behind a backslash', 'TOWN="plum\\"'),
  refused('a double quote, and a single one at the end', 'TOWN="plum\''),
  refused('a single quote alone', "TOWN='"),
  refused('a single quote that is not closed', "TOWN='plum"),
  refused('a single one that is behind a backslash', "TOWN='plum\\'"),
  refused('a single quote, and a double one at the end', 'TOWN=\'plum"'),
];

const comments: readonly Row<Values>[] = [
  agree('a comment', 'TOWN=plum # kiwi of fig', { TOWN: 'plum' }),
  agree('a comment without a space', 'TOWN=plum #kiwi of fig', { TOWN: 'plum' }),
  agree('an empty comment', 'TOWN=plum #', { TOWN: 'plum' }),
  loud(
    '# behind a character',
    'TOWN=246#kiwi-of-fig',
    { TOWN: '246#kiwi-of-fig' },
    'TOWN is read with what stands behind its #',
  ),
  agree('# in double quotes', 'TOWN="plum#kiwi"', { TOWN: 'plum#kiwi' }),
  agree('# in double quotes, and directly behind them', 'TOWN="plum#kiwi"#', { TOWN: 'plum#kiwi' }),
  agree('# in double quotes, and a comment', 'TOWN="plum#kiwi" # fig', { TOWN: 'plum#kiwi' }),
  agree('# in single quotes, and a comment', "TOWN='plum#kiwi' # fig", { TOWN: 'plum#kiwi' }),
  agree('# twice in double quotes, and a comment', 'TOWN="plum#kiwi#lime" # fig', { TOWN: 'plum#kiwi#lime' }),
  agree('# within a word in double quotes', 'TOWN="ki#wi"', { TOWN: 'ki#wi' }),
  agree('# within a word in single quotes', "TOWN='ki#wi'", { TOWN: 'ki#wi' }),
];

export const composeLines: readonly Row<Values>[] = [
  ...[...plain, ...names, ...passedOn, ...nothing],
  ...[...quotes, ...comments],
];
