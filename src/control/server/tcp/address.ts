/**
 * Where a TCP listener may be: an address that only this machine can reach, with a port. Pure.
 */

export interface LoopbackAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

const LOOPBACK = /^(?:127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|::1|localhost)$/i;

/**
 * Of `host:port` or `[::1]:port`; or why it can be none, a clause with its remedy. Nothing is looked up: `localhost` is
 * 127.0.0.1.
 */
export function parseLoopback(text: string): LoopbackAddress | { readonly why: string } {
  const [, v6, name = '', digits = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535)
    return { why: 'it is no address with a port from 0 to 65535; write 127.0.0.1:PORT or [::1]:PORT' };
  const host = (v6 ?? name).toLowerCase();
  // In brackets there is only IPv6, and without them there is none.
  if (!LOOPBACK.test(host) || (v6 !== undefined) !== (host === '::1'))
    return {
      why:
        'only this machine may reach it (127.0.0.1, [::1], localhost); ' +
        'from elsewhere come through an ssh tunnel (ssh -L PORT:127.0.0.1:PORT HOST) or a reverse proxy beside it',
    };
  return { host: host === 'localhost' ? '127.0.0.1' : host, port };
}

/** As it stands in a URL. */
export function authorityOf({ host, port }: LoopbackAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Whether a client that names its server so means a listener at that port: by any of the names that lead to this
 * machine alone.
 */
export function isOwnAuthority(authority: string, port: number): boolean {
  const [, v6, name = '', digits = '80'] =
    /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d+))?$/.exec(authority.toLowerCase()) ?? [];
  const host = v6 ?? name;
  return LOOPBACK.test(host) && (v6 !== undefined) === (host === '::1') && digits === String(port);
}
