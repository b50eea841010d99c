/**
 * What happens to the output of a service, as it is written; `resolve-log.ts` makes the LogConfig of it.
 */
import { field, object } from './schema-object.ts';
import { filePath } from './schema-path.ts';
import { number, truth } from './schema-scalar.ts';
import { sizeOr } from './schema-size.ts';

/** More would make each rotation a thousand renames. */
const MOST_KEPT = 1000;

export const logObject = object({
  prefix: field(truth(), 'Put the name of the service before each line that is printed.', true),
  file: field(filePath(), 'A file that its lines go to as well, as they are.'),
  max_size: field(
    sizeOr(['none'], 1),
    'The size at which the file becomes file.1 and a new one is begun; none: never.',
    '10MB',
  ),
  keep: field(
    number({ min: 0, max: MOST_KEPT, whole: true }),
    'How many old files are kept; 0: the file is emptied instead.',
    5,
  ),
  direct: field(truth(), 'The service writes to the file itself; nothing of it is printed.', false),
});
