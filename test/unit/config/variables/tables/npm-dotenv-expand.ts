/**
 * What npm's dotenv-expand fills in in the values that dotenv has read: each point of its tables, with words of our
 * own.
 *
 * Source: motdotla/dotenv-expand 12.0.3, `tests/main.js` and `tests/.env.test`.
 */
import { agree, loud, onPurpose, type Row, type Table, type Values } from './row.ts';

const UNSET = 'it uses a variable that is not set';
const OVER = 'What a file gives a service counts over what orderly was started with, as for Compose';
const DOLLAR = 'a dollar behind a backslash is read in several ways';

const plain: readonly Row<Values>[] = [
  agree('braces', 'TOWN=plum\nLAKE=${TOWN}', { TOWN: 'plum', LAKE: 'plum' }),
  agree('no braces', 'TOWN=plum\nLAKE=$TOWN', { TOWN: 'plum', LAKE: 'plum' }),
  agree('braces, the environment', 'LAKE=${TOWN}', { LAKE: 'plum' }, { TOWN: 'plum' }),
  agree('no braces, the environment', 'LAKE=$TOWN', { LAKE: 'plum' }, { TOWN: 'plum' }),
  onPurpose(
    'what the environment has is not filled in itself',
    'TOWN=fig\nLAKE=${TOWN}\nPEAK=$TOWN',
    {
      theirs: { TOWN: 'plu$kiwi', LAKE: 'plu$kiwi', PEAK: 'plu$kiwi' },
      ours: { TOWN: 'fig', LAKE: 'plu$kiwi', PEAK: 'plu$kiwi' },
    },
    OVER,
    { TOWN: 'plu$kiwi' },
  ),
  onPurpose(
    'the environment has the name',
    'TOWN=fig',
    { theirs: { TOWN: 'plum' }, ours: { TOWN: 'fig' } },
    OVER,
    { TOWN: 'plum' },
  ),
  loud('nothing for it', 'LAKE=$TOWN', { LAKE: '' }, UNSET),
  loud('a backslash before the dollar', 'LAKE=\\$TOWN', { LAKE: '$TOWN' }, DOLLAR),
  loud('two of them within the value', 'LAKE=pl\\$\\$kiwi', { LAKE: 'pl$$kiwi' }, DOLLAR),
  loud(
    'a hash with backslashes',
    'LAKE=\\$2k\\$12\\$PLUM7figsKiwi',
    { LAKE: '$2k$12$PLUM7figsKiwi' },
    DOLLAR,
  ),
  loud(
    'with and without a backslash',
    'TOWN=57\nLAKE=\\$plum$TOWN\\$kiwi${TOWN}',
    {
      ...{ TOWN: '57', LAKE: '$plum57$kiwi57' },
    },
    DOLLAR,
  ),
  agree('nothing but a dollar', 'LAKE=$', { LAKE: '$' }),
  agree('two without braces, one behind the other', 'TOWN=plum\nLAKE=kiwi\nPEAK=$TOWN$LAKE', {
    ...{ TOWN: 'plum', LAKE: 'kiwi', PEAK: 'plumkiwi' },
  }),
];

const defaults: readonly Row<Values>[] = [
  agree('a default of what the environment has', 'LAKE=${TOWN:-kiwi}', { LAKE: 'plum' }, { TOWN: 'plum' }),
  agree(
    'a default within it, the environment has the first',
    'LAKE=${TOWN:-${GONE:-kiwi}}',
    { LAKE: 'plum' },
    { TOWN: 'plum' },
  ),
  agree(
    'a default within it, the environment has the second',
    'LAKE=${GONE:-${TOWN:-kiwi}}',
    { LAKE: 'plum' },
    { TOWN: 'plum' },
  ),
  agree('a default of what is unset', 'LAKE=${GONE:-kiwi}', { LAKE: 'kiwi' }),
  agree('a default within it, both are unset', 'LAKE=${GONE:-${LOST:-kiwi}}', { LAKE: 'kiwi' }),
  agree('two in one default', 'LAKE=${GONE:-${TOWN}${LOST:-kiwi}}', { LAKE: 'plumkiwi' }, { TOWN: 'plum' }),
  agree('three in each other', 'LAKE=${GONE:-${LOST:-${PAST:-kiwi}}}', { LAKE: 'kiwi' }),
  agree(
    'a path as the default of what is set',
    'LAKE=${TOWN:-/kiwi/fig:of/lime}',
    { LAKE: 'plum' },
    { TOWN: 'plum' },
  ),
  agree('a path as the default of what is unset', 'LAKE=${GONE:-/kiwi/fig:of/lime}', {
    LAKE: '/kiwi/fig:of/lime',
  }),
  agree('a path as a default within one', 'LAKE=${GONE:-${LOST:-/kiwi/fig:of/lime}}', {
    LAKE: '/kiwi/fig:of/lime',
  }),
  loud('a default without braces', 'LAKE=$GONE:-/kiwi/fig:of/lime', { LAKE: ':-/kiwi/fig:of/lime' }, UNSET),
];

const five = 'BASE=fig_db\nWHO=plum\nWORD=kiwi\nHOST=lime.example\nPORT=5421\n';
const fiveValues = { BASE: 'fig_db', WHO: 'plum', WORD: 'kiwi', HOST: 'lime.example', PORT: '5421' };
const address = 'redis://plum:kiwi@lime.example:5421/fig_db';

const chains: readonly Row<Values>[] = [
  agree('five in braces', `${five}ALL=redis://\${WHO}:\${WORD}@\${HOST}:\${PORT}/\${BASE}`, {
    ...fiveValues,
    ALL: address,
  }),
  agree(
    'braces within what is filled in',
    `${five}PAIR=\${WHO}:\${WORD}\nALL=redis://\${PAIR}@\${HOST}:\${PORT}/\${BASE}`,
    {
      ...fiveValues,
      ...{ PAIR: 'plum:kiwi', ALL: address },
    },
  ),
  agree('five without braces', `${five}ALL=redis://$WHO:$WORD@$HOST:$PORT/$BASE`, {
    ...fiveValues,
    ALL: address,
  }),
  agree('no braces within what is filled in', `${five}PAIR=$WHO:$WORD\nALL=redis://$PAIR@$HOST:$PORT/$BASE`, {
    ...fiveValues,
    ...{ PAIR: 'plum:kiwi', ALL: address },
  }),
  loud(
    'dots in the name',
    'TOWN.HALL=plum\nLAKE=${TOWN.HALL}',
    { 'TOWN.HALL': 'plum', LAKE: 'plum' },
    'it has a dollar before what can not be filled in',
  ),
];

export const npmDotenvExpand: Table<Values> = {
  source: 'npm, dotenv-expand',
  rows: [...plain, ...defaults, ...chains],
};
