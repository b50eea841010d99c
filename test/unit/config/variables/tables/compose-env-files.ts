/**
 * Several files of variables for one service as Docker Compose reads them, with words of our own: what counts over
 * what, and what is filled in in their values.
 *
 * Source: compose-spec/compose-go v2.16.2, `types/project_test.go`, `loader/loader_test.go`,
 * `transform/envfile_test.go`, `cli/options_test.go` and `dotenv/godotenv_test.go` (several files).
 */
import { agree, type Row, type Table, type Values } from './row.ts';

/** The text is what stands in the entry of the service. */
export interface FilesRow extends Row<Values> {
  /** By their names beside the configuration. */
  readonly files: Values;
}

const base =
  'TOWN=base-town\nSEEN_TOWN=${TOWN}\nLAKE=base-lake\nSEEN_LAKE=${LAKE}\nPEAK=base-peak\nSEEN_PEAK=${PEAK}\n';
const over = 'TOWN=over-town\nSEEN_TOWN=${TOWN}\nLAKE=over-lake\nSEEN_LAKE=${LAKE}\n';
const host = (town: string): string => `TOWN=${town}.example\nLAKE="http://\${TOWN}"\n`;

const counts = (point: string, text: string, files: Values, theirs: Values, env: Values = {}): FilesRow => ({
  ...agree(point, text, theirs, env),
  files,
});

export const composeEnvFiles: Table<Values> & { readonly rows: readonly FilesRow[] } = {
  source: 'compose-go, files of a service',
  rows: [
    counts(
      'the entry of the service counts over its file',
      'env: { TOWN: own-town }, env_file: base',
      { base: 'TOWN=base-town\nPEAK=base-peak' },
      { TOWN: 'own-town', PEAK: 'base-peak' },
    ),
    counts(
      'in a value: the environment, then the entry of the service, then earlier lines',
      'env: { TOWN: own-town, LAKE: own-lake }, env_file: base',
      { base },
      {
        ...{ TOWN: 'own-town', LAKE: 'own-lake', PEAK: 'base-peak' },
        ...{ SEEN_TOWN: 'outer-town', SEEN_LAKE: 'own-lake', SEEN_PEAK: 'base-peak' },
      },
      { TOWN: 'outer-town' },
    ),
    counts(
      'a later file over an earlier one, in values too',
      'env: { TOWN: own-town }, env_file: [base, over]',
      { base, over },
      {
        ...{ TOWN: 'own-town', LAKE: 'over-lake', PEAK: 'base-peak' },
        ...{ SEEN_TOWN: 'outer-town', SEEN_LAKE: 'over-lake', SEEN_PEAK: 'base-peak' },
      },
      { TOWN: 'outer-town' },
    ),
    counts(
      'what only the entry of the service has',
      'env: { TOWN: own-town }, env_file: base',
      { base: 'LAKE=$TOWN' },
      { TOWN: 'own-town', LAKE: 'own-town' },
    ),
    counts('the environment', 'env_file: base', { base: 'LAKE=$TOWN' }, { LAKE: 'plum' }, { TOWN: 'plum' }),
    counts(
      'each file with its own line of the name',
      'env_file: [base, over]',
      { base: host('plum'), over: host('kiwi') },
      { TOWN: 'kiwi.example', LAKE: 'http://kiwi.example' },
    ),
    counts(
      'each file with its own line, and the environment has the name',
      'env_file: [base, over]',
      { base: host('plum'), over: host('kiwi') },
      { TOWN: 'kiwi.example', LAKE: 'http://fig.example' },
      { TOWN: 'fig.example' },
    ),
    counts(
      'comments, empty lines, dots and underscores, and a later file',
      'env_file: [base, { path: over, required: false }]',
      {
        base: '# plum on\nTOWN=base-town\nTOWN.HALL=yes\nTOWN_HALL=yes\n\n# kiwi in over\nLAKE=base-lake\n',
        over: 'LAKE=over-lake\n\n# fig\nPEAK=over-peak\n',
      },
      { TOWN: 'base-town', 'TOWN.HALL': 'yes', TOWN_HALL: 'yes', LAKE: 'over-lake', PEAK: 'over-peak' },
    ),
    counts('one path', 'env_file: base', { base: 'TOWN=plum' }, { TOWN: 'plum' }),
    counts(
      'a list of paths',
      'env_file: [base, over]',
      { base: 'TOWN=plum', over: 'LAKE=fig' },
      {
        ...{ TOWN: 'plum', LAKE: 'fig' },
      },
    ),
    counts(
      'one that need not be there',
      'env_file: [base, { path: over, required: false }]',
      { base: 'TOWN=plum' },
      { TOWN: 'plum' },
    ),
    counts(
      '.env beside the configuration',
      'env: { SEEN_TOWN: "${TOWN}", SEEN_LAKE: "${LAKE}" }',
      { '.env': 'TOWN=plum\nLAKE=${TOWN}' },
      { SEEN_TOWN: 'plum', SEEN_LAKE: 'plum' },
    ),
    counts(
      '.env beside the configuration, and the environment has a name of it',
      'env: { SEEN_TOWN: "${TOWN}", SEEN_LAKE: "${LAKE}" }',
      { '.env': 'TOWN=plum\nLAKE=${TOWN}' },
      { SEEN_TOWN: 'fig', SEEN_LAKE: 'fig' },
      { TOWN: 'fig' },
    ),
  ],
};
