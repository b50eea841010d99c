/**
 * Files of variables as the dotenv of Ruby reads them: each point of its table, with words of our own.
 *
 * Source: bkeepers/dotenv, `spec/dotenv/parser_spec.rb` and `spec/dotenv_spec.rb` at 0009fe1.
 */
import { agree, loud, onPurpose, type Row, refused, type Table, type Values } from './row.ts';

const COMMAND = 'it has a dollar before what can not be filled in';
const UNSET = 'it uses a variable that is not set';
const LINES = 'Compose and npm make a line of it in double quotes; Ruby does so only if it is asked to';

const lines: readonly Row<Values>[] = [
  agree('nothing around', 'TOWN=plum', { TOWN: 'plum' }),
  agree('a space behind the sign', 'TOWN= plum', { TOWN: 'plum' }),
  onPurpose(
    'a backslash before a space, without quotes',
    'TOWN=plum\\ kiwi',
    { theirs: { TOWN: 'plum kiwi' }, ours: { TOWN: 'plum\\ kiwi' } },
    'Compose and npm leave a backslash there where there are no quotes; only Ruby takes it off',
  ),
  agree('a space before the sign', 'TOWN =plum', { TOWN: 'plum' }),
  agree('spaces before the name', '  TOWN=plum', { TOWN: 'plum' }),
  agree('spaces behind the value', 'TOWN=plum  ', { TOWN: 'plum' }),
  agree('double quotes', 'TOWN="plum"', { TOWN: 'plum' }),
  agree('double quotes, and spaces behind them', 'TOWN="plum"  ', { TOWN: 'plum' }),
  agree('single quotes', "TOWN='plum'", { TOWN: 'plum' }),
  agree('single quotes, and spaces behind them', "TOWN='plum'  ", { TOWN: 'plum' }),
  agree('a double quote behind a backslash', 'TOWN="plum\\"kiwi"', { TOWN: 'plum"kiwi' }),
  agree('nothing behind the sign', 'TOWN=', { TOWN: '' }),
  agree('a colon', 'TOWN: 7', { TOWN: '7' }),
  agree('export', 'export TOWN=7', { TOWN: '7' }),
  loud('export of an earlier line', 'TOWN=7\nexport TOWN', { TOWN: '7' }, 'it is not KEY=VALUE'),
  refused('export of what is unset', 'TOWN=7\nexport LAKE'),
  agree('a dot in the name', 'TOWN.HALL=plumkiwi', { 'TOWN.HALL': 'plumkiwi' }),
  agree('a space at the end, small letters', 'town=plum ', { town: 'plum' }),
  loud('a line that sets nothing', 'plum$kiwi', {}, 'it is not KEY=VALUE'),
  agree('lines of blanks', '\n \t  \ntown=plum\n \nlake=kiwi', { town: 'plum', lake: 'kiwi' }),
  agree('a comment behind the value', 'town=plum # kiwi of fig', { town: 'plum' }),
  agree('# in double quotes, and a comment', 'town="plum#kiwi" # fig', { town: 'plum#kiwi' }),
  agree('the same with a space behind the sign', 'town= "plum#kiwi" # fig', { town: 'plum#kiwi' }),
  agree('a comment behind empty lines', '\n\n\n # PLUM KIWI FIG \ntown=plum', { town: 'plum' }),
  agree('a line that is a comment', '# TOWN=plum\n', {}),
  agree('a comment with a colon', '# Plum kiwi figs:\n', {}),
  agree('nothing behind the sign, and further lines', 'TOWN=\nLAKE=plum\nPEAK=/kiwi/fig.sock', {
    ...{ TOWN: '', LAKE: 'plum', PEAK: '/kiwi/fig.sock' },
  }),
  agree('# in double quotes', 'town="ki#wi"', { town: 'ki#wi' }),
  agree('# in single quotes', "town='ki#wi'", { town: 'ki#wi' }),
  agree('# in double quotes, and spaces behind them', 'town="ki#wi"  ', { town: 'ki#wi' }),
  agree('# in single quotes, and spaces behind them', "town='ki#wi'  ", { town: 'ki#wi' }),
  agree('a line that ends with CR', 'TOWN=plum\rlake=kiwi', { TOWN: 'plum', lake: 'kiwi' }),
  agree('a line that ends with CRLF', 'TOWN=plum\r\nlake=kiwi', { TOWN: 'plum', lake: 'kiwi' }),
  agree('a byte order mark', '\uFEFFTOWN=PLUM-7\n', { TOWN: 'PLUM-7' }),
];

const several: readonly Row<Values>[] = [
  agree(
    'several lines in single quotes',
    'TOWN=plum kiwi\nexport LAKE=\'fig 1\nfig 2\nfig 3\'\nPEAK="lime"',
    {
      ...{ TOWN: 'plum kiwi', LAKE: 'fig 1\nfig 2\nfig 3', PEAK: 'lime' },
    },
  ),
  loud(
    'backslashes before single quotes, in several lines',
    "TOWN='plum kiwi\na \\'fig\\'\nor lime'",
    {
      TOWN: "plum kiwi\na \\'fig\\'\nor lime",
    },
    'a single quote behind a backslash',
  ),
  agree('several lines in double quotes', 'TOWN=plum kiwi\nexport LAKE="fig 1\nfig 2\nfig 3"\nPEAK="lime"', {
    ...{ TOWN: 'plum kiwi', LAKE: 'fig 1\nfig 2\nfig 3', PEAK: 'lime' },
  }),
  agree('backslashes before double quotes, in several lines', 'TOWN="plum kiwi\na \\"fig\\"\nor lime"', {
    TOWN: 'plum kiwi\na "fig"\nor lime',
  }),
  onPurpose(
    'a backslash and n in double quotes',
    'TOWN="plum\\nkiwi"',
    { theirs: { TOWN: 'plum\\nkiwi' }, ours: { TOWN: 'plum\nkiwi' } },
    LINES,
  ),
  onPurpose(
    'a backslash and r in double quotes',
    'TOWN="plum\\rkiwi"',
    { theirs: { TOWN: 'plum\\rkiwi' }, ours: { TOWN: 'plum\rkiwi' } },
    LINES,
  ),
  agree('both, and a line that asks for it', 'DOTENV_LINEBREAK_MODE=legacy\nTOWN="plum\\nkiwi\\rfig"', {
    ...{ DOTENV_LINEBREAK_MODE: 'legacy', TOWN: 'plum\nkiwi\rfig' },
  }),
  agree(
    'both, and the environment asks for it',
    'TOWN="plum\\nkiwi\\rfig"',
    {
      ...{ TOWN: 'plum\nkiwi\rfig' },
    },
    { DOTENV_LINEBREAK_MODE: 'legacy' },
  ),
];

const filledIn: readonly Row<Values>[] = [
  agree('an earlier line', 'TOWN=plum\nLAKE=$TOWN', { TOWN: 'plum', LAKE: 'plum' }),
  agree('an earlier line in braces', 'TOWN=plum\nLAKE=${TOWN}kiwi', { TOWN: 'plum', LAKE: 'plumkiwi' }),
  agree('the environment', 'LAKE=$TOWN', { LAKE: 'plum' }, { TOWN: 'plum' }),
  agree(
    'the environment and an earlier line',
    'TOWN=kiwi\nLAKE=${TOWN}',
    { TOWN: 'kiwi', LAKE: 'plum' },
    { TOWN: 'plum' },
  ),
  loud('nothing for it', 'LAKE=$TOWN', { LAKE: '' }, UNSET),
  agree('in double quotes', 'TOWN=plum\nLAKE="kiwi $TOWN"', { TOWN: 'plum', LAKE: 'kiwi plum' }),
  agree('in single quotes', "LAKE='kiwi $TOWN'", { LAKE: 'kiwi $TOWN' }),
  agree('a backslash before the dollar', 'LAKE="kiwi\\$TOWN"', { LAKE: 'kiwi$TOWN' }),
  agree('a backslash before the dollar and braces', 'LAKE="kiwi\\${TOWN}"', { LAKE: 'kiwi${TOWN}' }),
  agree('one with a backslash, and one without', 'TOWN=plum\nLAKE="kiwi\\${TOWN} ${TOWN}"', {
    ...{ TOWN: 'plum', LAKE: 'kiwi${TOWN} plum' },
  }),
  agree('backslashes before dollars without a name', 'TOWN="plum\\$ \\$\\$"', { TOWN: 'plum$ $$' }),
  agree('a dollar between spaces', 'TOWN="plum $ "', { TOWN: 'plum $ ' }),
];

const commands: readonly Row<Values>[] = [
  loud('a command', 'town=$(echo plum)', { town: 'plum' }, COMMAND),
  loud(
    'commands in each other',
    'town=$(echo "$(echo "$(echo "$(echo plum)")")")',
    { town: 'plum' },
    COMMAND,
  ),
  loud(
    'a command behind a backslash',
    'town=kiwi-\\$(echo plum)',
    { town: 'kiwi-$(echo plum)' },
    'a dollar behind a backslash',
  ),
  loud('quotes within a command', 'town=$(echo "Plum\'s kiwi")', { town: "Plum's kiwi" }, COMMAND),
  loud(
    'a variable within a command',
    'TOWN=plum\nlake=$(echo "kiwi $TOWN")',
    { TOWN: 'plum', lake: 'kiwi plum' },
    COMMAND,
  ),
];

export const rubyDotenv: Table<Values> = {
  source: 'Ruby, dotenv',
  rows: [...lines, ...several, ...filledIn, ...commands],
};
