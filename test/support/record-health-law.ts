/**
 * What a record may tell of the health of an instance: only while it is ready and nobody has asked it to stop, and that
 * it is healthy again only after it was not. Pure.
 */
import { allOf } from './record-history.ts';
import type { Law } from './record-laws.ts';

export const healthInItsTime: Law = ({ events, instances }) => {
  const told = [...allOf(events, 'service.unhealthy'), ...allOf(events, 'service.healthy')].sort(
    (a, b) => a.seq - b.seq,
  );
  return instances.flatMap(({ service, attempt, ready, stopping, exits }) => {
    const endSeq = Math.min(stopping[0]?.seq ?? Infinity, exits[0]?.seq ?? Infinity);
    let ill = 0;
    return told
      .filter((event) => event.service === service && event.attempt === attempt)
      .flatMap(({ type, seq }) => {
        ill += type === 'service.unhealthy' ? 1 : -1;
        const name = `"${service}" (instance ${attempt}) was told to be ${type.replace('service.', '')}`;
        return [
          ...(ready !== undefined && ready.seq < seq ? [] : [`${name} before it was ready`]),
          ...(seq < endSeq ? [] : [`${name} after its stop or its end`]),
          ...(ill >= 0 ? [] : [`${name}, and never that it was not`]),
        ];
      });
  });
};
