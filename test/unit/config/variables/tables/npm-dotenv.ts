/**
 * Files of variables as npm's dotenv reads them: each point of its tables, with words of our own. It fills nothing
 * in; what does that for its users is dotenv-expand.
 *
 * Source: motdotla/dotenv 17.4.2 and 18.0.10, which read alike: `tests/.env`, `tests/.env.multiline`,
 * `tests/test-parse.js`, `tests/test-parse-multiline.js`, `tests/test-parse-fast.js`, `tests/test-fast-parity.js`.
 */
import { agree, loud, onPurpose, type Row, type Table, type Values } from './row.ts';

const BACKQUOTE = 'backquotes are no quotes here';
const NO_PAIR = 'it is not KEY=VALUE';
const ESCAPES = 'Compose and Ruby take a backslash off in double quotes; only npm leaves it there';

const lines: readonly Row<Values>[] = [
  agree('nothing around', 'TOWN=plum', { TOWN: 'plum' }),
  agree('an empty line and a comment before it', 'TOWN=plum\n\n# kiwi fig\nLAKE=lime', {
    TOWN: 'plum',
    LAKE: 'lime',
  }),
  agree('nothing behind the sign', 'TOWN=', { TOWN: '' }),
  agree('nothing in single quotes', "TOWN=''", { TOWN: '' }),
  agree('nothing in double quotes', 'TOWN=""', { TOWN: '' }),
  loud('nothing in backquotes', 'TOWN=``', { TOWN: '' }, BACKQUOTE),
  agree('single quotes', "TOWN='plum_kiwi'", { TOWN: 'plum_kiwi' }),
  agree('spaces in single quotes', "TOWN='    plum kiwi    '", { TOWN: '    plum kiwi    ' }),
  agree('double quotes', 'TOWN="plum_kiwi"', { TOWN: 'plum_kiwi' }),
  agree('spaces in double quotes', 'TOWN="    plum kiwi    "', { TOWN: '    plum kiwi    ' }),
  agree('double quotes in single ones', 'TOWN=\'plum "kiwi" fig\'', { TOWN: 'plum "kiwi" fig' }),
  loud(
    'a name behind a dollar, in double quotes',
    'TOWN="{ plum: $KIWI}"',
    { TOWN: '{ plum: $KIWI}' },
    'it uses a variable that is not set',
  ),
  agree('single quotes in double ones', 'TOWN="plum \'kiwi\' fig"', { TOWN: "plum 'kiwi' fig" }),
  agree('backquotes in single quotes', "TOWN='`plum` kiwi'", { TOWN: '`plum` kiwi' }),
  agree('backquotes in double quotes', 'TOWN="`plum` kiwi"', { TOWN: '`plum` kiwi' }),
  loud('backquotes', 'TOWN=`plum`', { TOWN: 'plum' }, BACKQUOTE),
  loud('spaces in backquotes', 'TOWN=`    plum    `', { TOWN: '    plum    ' }, BACKQUOTE),
  loud('double quotes in backquotes', 'TOWN=`plum "kiwi" fig`', { TOWN: 'plum "kiwi" fig' }, BACKQUOTE),
  loud('single quotes in backquotes', "TOWN=`plum 'kiwi' fig`", { TOWN: "plum 'kiwi' fig" }, BACKQUOTE),
  loud(
    'both in backquotes',
    'TOWN=`plum "kiwi" and \'fig\'`',
    { TOWN: 'plum "kiwi" and \'fig\'' },
    BACKQUOTE,
  ),
  agree('lines within double quotes', 'TOWN="plum\\nkiwi\\nfig"', { TOWN: 'plum\nkiwi\nfig' }),
  agree('a backslash and n without quotes', 'TOWN=plum\\nkiwi', { TOWN: 'plum\\nkiwi' }),
  agree('a backslash and n in single quotes', "TOWN='plum\\nkiwi'", { TOWN: 'plum\\nkiwi' }),
  agree('a line that is a comment', '# TOWN=plum', {}),
  agree('a comment with further signs', 'TOWN=plum kiwi # fig #lime #pear', { TOWN: 'plum kiwi' }),
  agree('# in single quotes, and a comment', "TOWN='plum of #kiwi' # fig", { TOWN: 'plum of #kiwi' }),
  agree('# in double quotes, and a comment', 'TOWN="plum of #kiwi" # fig', { TOWN: 'plum of #kiwi' }),
  loud('# in backquotes, and a comment', 'TOWN=`plum of #kiwi` # fig', { TOWN: 'plum of #kiwi' }, BACKQUOTE),
  loud(
    '# behind a character',
    'TOWN=plum of a#kiwi fig. lime.',
    { TOWN: 'plum of a' },
    'TOWN is read with what stands behind its #',
  ),
  agree('# behind a space', 'TOWN=plum of a #kiwi fig. lime.', { TOWN: 'plum of a' }),
  agree('signs at the end of the value', 'TOWN=plum==', { TOWN: 'plum==' }),
  agree('double quotes within the value', 'TOWN={"plum": "kiwi"}', { TOWN: '{"plum": "kiwi"}' }),
  agree('the same in single quotes', 'TOWN=\'{"plum": "kiwi"}\'', { TOWN: '{"plum": "kiwi"}' }),
  loud('the same in backquotes', 'TOWN=`{"plum": "kiwi\'s"}`', { TOWN: '{"plum": "kiwi\'s"}' }, BACKQUOTE),
  agree('spaces before the value', 'TOWN=    plum of the kiwi', { TOWN: 'plum of the kiwi' }),
  agree('an address', 'TOWN=plum.kiwi@fig.example', { TOWN: 'plum.kiwi@fig.example' }),
  agree('spaces before the name and around the sign', '    TOWN = plum', { TOWN: 'plum' }),
  agree('export', 'export TOWN=plum', { TOWN: 'plum' }),
  agree('export and several spaces', 'export   TOWN=plum', { TOWN: 'plum' }),
  agree('export, an underscore in the value', 'export TOWN=plum_kiwi', { TOWN: 'plum_kiwi' }),
  agree('export, spaces before the sign', 'export   TOWN  =plum_kiwi', { TOWN: 'plum_kiwi' }),
  loud('a line that is none', 'plum kiwi fig', {}, NO_PAIR),
];

const three = { TOWN: 'plum', LAKE: 'kiwi', PEAK: 'figs' };

const several: readonly Row<Values>[] = [
  agree('several lines in double quotes', 'TOWN="PLUM\nK\nL\nFIGS\nLIME"', {
    TOWN: 'PLUM\nK\nL\nFIGS\nLIME',
  }),
  agree('several lines in single quotes', "TOWN='PLUM\nK\nL\nFIGS\nLIME'", {
    TOWN: 'PLUM\nK\nL\nFIGS\nLIME',
  }),
  loud(
    'several lines in backquotes',
    'TOWN=`PLUM\nK\nL\n"FIG\'S"\nLIME`',
    { TOWN: 'PLUM\nK\nL\n"FIG\'S"\nLIME' },
    BACKQUOTE,
  ),
  agree(
    'a key in double quotes',
    'TOWN="-----BEGIN PLUM KIWI-----\nQk9\nd+/4\nAAE=\n-----END PLUM KIWI-----"',
    {
      TOWN: '-----BEGIN PLUM KIWI-----\nQk9\nd+/4\nAAE=\n-----END PLUM KIWI-----',
    },
  ),
  agree('lines that end with CR', 'TOWN=plum\rLAKE=kiwi\rPEAK=figs\r', three),
  agree('lines that end with LF', 'TOWN=plum\nLAKE=kiwi\nPEAK=figs\n', three),
  agree('lines that end with CRLF', 'TOWN=plum\r\nLAKE=kiwi\r\nPEAK=figs\r\n', three),
  agree('lines that end with CRLF and with CR', 'TOWN=plum\r\nLAKE=kiwi\r', { TOWN: 'plum', LAKE: 'kiwi' }),
];

const edges: readonly Row<Values>[] = [
  agree('a colon', 'TOWN: plum', { TOWN: 'plum' }),
  agree('a sign at the beginning of the value', 'TOWN==plum', { TOWN: '=plum' }),
  agree('a comment and its end', '# plum kiwi\n', {}),
  agree('nothing', '', {}),
  onPurpose(
    'double quotes behind backslashes',
    'TOWN="plum \\"kiwi\\""',
    { theirs: { TOWN: 'plum \\"kiwi\\"' }, ours: { TOWN: 'plum "kiwi"' } },
    ESCAPES,
  ),
  agree('a byte order mark', '\uFEFFTOWN=plum', { TOWN: 'plum' }),
  agree('a byte order mark, two lines', '\uFEFFTOWN=plum\nLAKE=kiwi\n', { TOWN: 'plum', LAKE: 'kiwi' }),
  agree('a byte order mark before export', '\uFEFFexport TOWN=plum\n', { TOWN: 'plum' }),
  agree('a byte order mark before a comment', '\uFEFF# plum kiwi\nTOWN=plum\n', { TOWN: 'plum' }),
  agree('nothing but a byte order mark', '\uFEFF', {}),
  loud('a byte order mark in the second line', '\n\uFEFFTOWN=plum\n', { TOWN: 'plum' }, NO_PAIR),
  loud(
    'a byte order mark before the second name',
    'TOWN=plum\n\uFEFFLAKE=kiwi\n',
    { TOWN: 'plum', LAKE: 'kiwi' },
    NO_PAIR,
  ),
  onPurpose(
    'two backslashes in double quotes',
    'TOWN="\\\\"',
    { theirs: { TOWN: '\\\\' }, ours: { TOWN: '\\' } },
    ESCAPES,
  ),
  onPurpose(
    'two backslashes in double quotes, and another line',
    'TOWN="\\\\"\nLAKE=plum\n',
    { theirs: { TOWN: '\\\\', LAKE: 'plum' }, ours: { TOWN: '\\', LAKE: 'plum' } },
    ESCAPES,
  ),
  agree('two backslashes in single quotes', "TOWN='\\\\'\nLAKE=plum\n", { TOWN: '\\\\', LAKE: 'plum' }),
  loud(
    'two backslashes in backquotes',
    'TOWN=`\\\\`\nLAKE=plum\n',
    { TOWN: '\\\\', LAKE: 'plum' },
    BACKQUOTE,
  ),
  onPurpose(
    'a path with doubled backslashes in double quotes',
    'TOWN="K:\\\\Plum\\\\fig\\\\"\nLAKE=kiwi\nPEAK=5000\n',
    {
      theirs: { TOWN: 'K:\\\\Plum\\\\fig\\\\', LAKE: 'kiwi', PEAK: '5000' },
      ours: { TOWN: 'K:\\Plum\\fig\\', LAKE: 'kiwi', PEAK: '5000' },
    },
    ESCAPES,
  ),
  onPurpose(
    'two backslashes between characters',
    'TOWN="k\\\\l"\nLAKE=plum\n',
    { theirs: { TOWN: 'k\\\\l', LAKE: 'plum' }, ours: { TOWN: 'k\\l', LAKE: 'plum' } },
    ESCAPES,
  ),
  onPurpose(
    'four backslashes in double quotes',
    'TOWN="\\\\\\\\"\nLAKE=plum\n',
    { theirs: { TOWN: '\\\\\\\\', LAKE: 'plum' }, ours: { TOWN: '\\\\', LAKE: 'plum' } },
    ESCAPES,
  ),
  onPurpose(
    'two backslashes, then a line without quotes and one with them',
    'TOWN="\\\\"\nLAKE=plum\nPEAK="kiwi"\nBAY=figs\n',
    {
      theirs: { TOWN: '\\\\', LAKE: 'plum', PEAK: 'kiwi', BAY: 'figs' },
      ours: { TOWN: '\\', LAKE: 'plum', PEAK: 'kiwi', BAY: 'figs' },
    },
    ESCAPES,
  ),
  loud('double quotes two lines below', 'TOWN=\n\n"plum\nkiwi"', { TOWN: 'plum\nkiwi' }, NO_PAIR),
  loud('single quotes in the line below', "TOWN=\n'plum\nkiwi'", { TOWN: 'plum\nkiwi' }, NO_PAIR),
  loud('backquotes two lines below', 'TOWN=\n\n`plum\nkiwi`', { TOWN: 'plum\nkiwi' }, NO_PAIR),
  loud('quotes two lines below, and a word behind them', 'TOWN=\n\n"plum" kiwi', { TOWN: '' }, NO_PAIR),
  loud('a form feed before the name', '\fTOWN=7', { TOWN: '7' }, NO_PAIR),
  loud('a vertical tab before the name', '\vTOWN=7', { TOWN: '7' }, NO_PAIR),
  loud('a space that does not break before the name', '\u00a0TOWN=7', { TOWN: '7' }, NO_PAIR),
  agree('a space before the name', ' TOWN=7', { TOWN: '7' }),
  loud(
    'a word behind the closing quote',
    'TOWN="plum" kiwi',
    { TOWN: '"plum" kiwi' },
    'there is something after its closing quote',
  ),
];

export const npmDotenv: Table<Values> = { source: 'npm, dotenv', rows: [...lines, ...several, ...edges] };
