/**
 * Files of variables as Docker Compose reads them: what is filled in, from which of several places, with words of
 * our own.
 *
 * Source: compose-spec/compose-go v2.16.2, `dotenv/godotenv_test.go` and `dotenv/godotenv_var_expansion_test.go`
 * with their fixtures.
 */
import { composeLines } from './compose-dotenv-lines.ts';
import { agree, loud, type Row, refused, type Table, type Values, withEnvironment } from './row.ts';

const UNSET = 'it uses a variable that is not set';

const filledIn: readonly Row<Values>[] = [
  agree('an earlier line', 'TOWN=plum\nLAKE=$TOWN', { TOWN: 'plum', LAKE: 'plum' }),
  agree('an earlier line in braces', 'TOWN=plum\nLAKE=${TOWN}fig', { TOWN: 'plum', LAKE: 'plumfig' }),
  loud('nothing for it', 'LAKE=$TOWN', { LAKE: '' }, UNSET),
  agree('in double quotes', 'TOWN=plum\nLAKE="kiwi $TOWN"', { TOWN: 'plum', LAKE: 'kiwi plum' }),
  agree('in single quotes', "LAKE='kiwi $TOWN'", { LAKE: 'kiwi $TOWN' }),
  agree('a backslash before the dollar', 'LAKE="kiwi\\$TOWN"', { LAKE: 'kiwi$TOWN' }),
  agree('a backslash before the dollar and braces', 'LAKE="kiwi\\${TOWN}"', { LAKE: 'kiwi${TOWN}' }),
  agree('one with a backslash, and one without', 'TOWN=plum\nLAKE="kiwi\\${TOWN} ${TOWN}"', {
    ...{ TOWN: 'plum', LAKE: 'kiwi${TOWN} plum' },
  }),
  agree('the environment', 'LAKE=$TOWN', { LAKE: 'plum' }, { TOWN: 'plum' }),
];

const chained = 'TOWN=7\nLAKE=${TOWN}\nPEAK=$LAKE\nBAY=${TOWN}_${LAKE}\n';
const chainedDefault = chained.replace('TOWN=7', 'TOWN=${TOWN:-7}');
const missing = 'HILL=${CAVE}\n';

const chains: readonly Row<Values>[] = [
  agree('one after the other', chained, { TOWN: '7', LAKE: '7', PEAK: '7', BAY: '7_7' }),
  loud(
    'and nothing for the last',
    chained + missing,
    {
      ...{ TOWN: '7', LAKE: '7', PEAK: '7', BAY: '7_7', HILL: '' },
    },
    UNSET,
  ),
  agree(
    'the environment has the first, which counts for the others',
    chained,
    {
      ...{ TOWN: '7', LAKE: '35', PEAK: '35', BAY: '35_35' },
    },
    { TOWN: '35' },
  ),
  loud(
    'and nothing for the last, the environment has the first',
    chained + missing,
    {
      ...{ TOWN: '7', LAKE: '35', PEAK: '35', BAY: '35_35', HILL: '' },
    },
    UNSET,
    { TOWN: '35' },
  ),
  agree('the first is its own default', chainedDefault, { TOWN: '7', LAKE: '7', PEAK: '7', BAY: '7_7' }),
  agree(
    'the environment has what is its own default',
    chainedDefault,
    {
      ...{ TOWN: '35', LAKE: '35', PEAK: '35', BAY: '35_35' },
    },
    { TOWN: '35' },
  ),
  loud(
    'its own default, and nothing for the last',
    chainedDefault + missing,
    {
      ...{ TOWN: '7', LAKE: '7', PEAK: '7', BAY: '7_7', HILL: '' },
    },
    UNSET,
  ),
  loud(
    'the environment has what is its own default, and nothing for the last',
    chainedDefault + missing,
    {
      ...{ TOWN: '35', LAKE: '35', PEAK: '35', BAY: '35_35', HILL: '' },
    },
    UNSET,
    { TOWN: '35' },
  ),
];

const forms = withEnvironment<Values>({ HOLE: '', TOWN: 'Plum Kiwi' }, [
  agree('a default with a colon, unset', 'LAKE=${GONE:-Fig Lime}', { LAKE: 'Fig Lime' }),
  agree('a default with a colon, empty', 'LAKE=${HOLE:-Fig Lime}', { LAKE: 'Fig Lime' }),
  agree('a default with a colon, set', 'LAKE=${TOWN:-Fig Lime}', { LAKE: 'Plum Kiwi' }),
  agree('a default, unset', 'LAKE=${GONE-Fig Lime}', { LAKE: 'Fig Lime' }),
  agree('a default, empty', 'LAKE=${HOLE-Fig Lime}', { LAKE: '' }),
  agree('a default, set', 'LAKE=${TOWN-Fig Lime}', { LAKE: 'Plum Kiwi' }),
  refused('a message with a colon, unset', 'LAKE=${GONE:?Fig lime}'),
  refused('a message with a colon, empty', 'LAKE=${HOLE:?Fig lime}'),
  agree('a message with a colon, set', 'LAKE=${TOWN:?Fig lime}', { LAKE: 'Plum Kiwi' }),
  refused('a message, unset', 'LAKE=${GONE?Fig lime}'),
  agree('a message, empty', 'LAKE=${HOLE?Fig lime}', { LAKE: '' }),
  agree('a message, set', 'LAKE=${TOWN?Fig lime}', { LAKE: 'Plum Kiwi' }),
]);

export const composeDotenv: Table<Values> = {
  source: 'compose-go, files of variables',
  rows: [...composeLines, ...filledIn, ...chains, ...forms],
};
