/**
 * Where a network condition knocks: `5432`, `host:port`, `[::1]:5432`, or a URL.
 *
 * The port and everything in a URL may be a value of another service; the host of `tcp` is known at load.
 */
import type { Template } from '../types.ts';
import { scalarText } from '../yaml/document-value.ts';
import { template } from './text.ts';
import { reportUnusable, type Type, then } from './type.ts';

export interface TcpTarget {
  readonly host: string;
  readonly orHost?: string;
  readonly port: Template;
}

/** The hosts of `tcp: 5432`: who listens at `localhost` may have either. */
const OWN = { host: '127.0.0.1', orHost: '::1' };
const HOST_AND_PORT = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(\d*)$/;
const HINT = 'Write a port, host:port, or [::1]:port for an IPv6 address';

const tcpText = then(template('a port or host:port'), (target, at, given) => {
  const [first = '', ...rest] = typeof target === 'string' ? [target] : target;
  const wrong = (why: string): undefined => reportUnusable(at, scalarText(given), why, HINT);
  if (typeof first !== 'string') return { ...OWN, port: target };
  const match = HOST_AND_PORT.exec(first);
  if (!match)
    return wrong(
      rest.length > 0 && !first.includes(':')
        ? 'only the port can be a value of a service'
        : 'it is neither a port nor host:port',
    );
  const [, v6, name, digits = ''] = match;
  const written = v6 ?? name;
  if (written === '') return wrong('the host is missing');
  const where = written === undefined ? OWN : { host: written };
  if (rest.length > 0) {
    if (rest.some((part) => typeof part === 'string'))
      return wrong('a value of a service must stand at its end');
    return { ...where, port: digits === '' ? rest : [digits, ...rest] };
  }
  const port = Number(digits);
  return digits !== '' && port >= 1 && port <= 65535
    ? { ...where, port: digits }
    : wrong('the port must be from 1 to 65535');
});

export const tcpTarget: Type<TcpTarget> = {
  ...tcpText,
  json: () => ({ anyOf: [{ type: 'integer', minimum: 1, maximum: 65535 }, { type: 'string' }] }),
};

/** An address of http or https. */
export const url: Type<Template> = then(template('a URL'), (address, at, given) => {
  const [first] = typeof address === 'string' ? [address] : address;
  const isWhole = typeof address === 'string';
  if (typeof first !== 'string') return address;
  if (/^https?:\/\//.test(first) && (!isWhole || URL.canParse(address))) return address;
  const why = /^https?:\/\//.test(first) ? 'it is not a URL' : 'it does not start with http:// or https://';
  return reportUnusable(at, scalarText(given), why, 'Write it like http://127.0.0.1:8080/health');
});
