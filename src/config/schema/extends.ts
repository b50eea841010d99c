/**
 * The key `extends`: which other service a service takes its keys over from, of all files or of one.
 */
import { isMap } from '../yaml/document-value.ts';
import { field, isWritten, object, orShort, refusedField } from './object.ts';
import { filePath, text } from './text.ts';
import { report, subjectAt, type Type, then } from './type.ts';

export interface GivenExtends {
  readonly service: string;
  /** The one file that it is taken from, absolute; undefined: all files together. */
  readonly file?: string;
}

const extendsObject = object({
  service: field(text('the name of a service'), 'The service that it extends.'),
  file: field(
    filePath(),
    'The file that it is taken from; by default it is a service of this configuration.',
  ),
});

export const extendedService: Type<GivenExtends> = then(
  orShort(extendsObject, extendsObject.fields.service.type, (service) => ({ service })),
  ({ service, file }, at, written) => {
    if (isMap(written) && !isWritten(written, 'service'))
      return report(at, `${subjectAt(at)} has no "service"`, 'Write the name of the service as "service"');
    return service ? { service, ...(file && { file }) } : undefined;
  },
);

/** Where the keys are those of every service. */
export const noExtends = refusedField({
  read: (_value, at) =>
    report(at, `${subjectAt(at)} has no meaning: defaults extend nothing`, 'Write it into a service', true),
  json: () => ({ not: {} }),
});
