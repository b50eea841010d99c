/**
 * Host names of a compose network in texts: in a program of this machine they are this machine, at the port that the service has here.
 * Pure.
 */
import type { ComposeService } from './service.ts';

export interface Rewritten {
  readonly text: string;
  /** What may be such a name, or has no address here: the loss and what to do. */
  readonly doubts: readonly (readonly [message: string, hint: string])[];
}

const HERE = '127.0.0.1';
/** Variables whose value is a host, or a host and a port. */
const HOST_KEY =
  /(?:^|_)(?:HOSTS?|HOSTNAMES?|ADDR(?:ESS)?(?:ES)?|SERVERS?|ENDPOINTS?|BROKERS?|UPSTREAMS?|BIND)$/i;

export interface HostRewriter {
  /** `key`: the name of the variable that it is the value of; left out: a word of a command. */
  rewrite(text: string, key?: string): Rewritten;
}

export function hostRewriter(
  services: readonly ComposeService[],
  aliases: ReadonlyMap<string, ComposeService>,
): HostRewriter {
  const byName = new Map([...services.map((one) => [one.theirs, one] as const), ...aliases]);
  const names = [...byName.keys()].sort((a, b) => b.length - a.length).map(escaped);
  if (names.length === 0) return { rewrite: (text) => ({ text, doubts: [] }) };
  const name = `(${names.join('|')})`;
  const end = '(?::(\\d+))?(?![\\w.-])';
  // Behind the start of a URL, or its user and password; as one of a list of addresses; in a DSN.
  const inUrl = new RegExp(`(://(?:[^\\s/@]*@)?|@tcp\\(|[?&;\\s]host=)${name}${end}`, 'g');
  const inList = new RegExp(`((?<=\\d),)${name}${end}`, 'g');
  const whole = new RegExp(`^${name}(?::(\\d+))?$`);
  const address = new RegExp(`^${name}:(\\d+)(?=$|,)`);

  return {
    rewrite(text, key) {
      const doubts: (readonly [string, string])[] = [];
      const place = (host: string, port: string | undefined): string => {
        const { argv, ports } = byName.get(host)!;
        if (argv !== undefined) return port === undefined ? HERE : `${HERE}:${port}`;
        if (port === undefined) {
          const moved = [...ports].find(([inside, outside]) => inside !== outside);
          if (moved !== undefined)
            doubts.push([
              `"${host}" is written without a port, and its port ${moved[0]} is ${moved[1] ?? 'another one'} on this machine`,
              'Look where its port is written',
            ]);
          return HERE;
        }
        const outside = ports.get(port);
        if (outside === undefined)
          doubts.push([
            `the port ${port} of "${host}" is in a container, and not open on this machine`,
            `Publish it there: ports: ["127.0.0.1:${port}:${port}"]`,
          ]);
        return `${HERE}:${outside ?? port}`;
      };
      const change = (_all: string, before: string, host: string, port?: string): string =>
        before + place(host, port);
      const isHost = whole.exec(text);
      if (isHost !== null) {
        const [, host = '', port] = isHost;
        if (port !== undefined || (key !== undefined && HOST_KEY.test(key)))
          return { text: place(host, port), doubts };
        if (key === undefined) return { text, doubts };
        const doubt = `"${text}" may be the service of that name, whose address is ${HERE} now; it is left as it is`;
        return { text, doubts: [[doubt, `Write ${HERE} if it is a host`]] };
      }
      const first = address.exec(text);
      const started = first === null ? text : place(first[1]!, first[2]) + text.slice(first[0].length);
      return { text: started.replaceAll(inUrl, change).replaceAll(inList, change), doubts };
    },
  };
}

function escaped(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|-]/g, '\\$&');
}
