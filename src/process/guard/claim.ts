/**
 * A claim: a run's word that it runs a project, or is about to. Text to data and back; pure.
 *
 * It holds a secret: nobody else may read it. The file is called like the run, so that it says whose it is from the moment it exists. It only grows, a line at a
 * time: what is torn at its end by a crash was not said.
 *
 *     {"project":…,"since":…,"file":…}   whose it is
 *     running                            no other may run it now
 *     + 4711 88123 1 db                  spawned: pid, start, attempt, service; it leads a group
 *     = 4712 88124 1 shell               the same, but it is in the group of the supervisor
 *     - 4711 88123                       nothing of it is left
 *     c /sys/fs/cgroup/…                 the folder that everything of the run is in
 *     m 4f02…                            the secret in the environment of everything of the run
 *     > {"request":"r5",…}               somebody asked for this, and it is being done
 *     < "r5"                             it has come to its end
 */

export interface ClaimHeader {
  /** What must not run twice. */
  readonly project: string;
  /** ISO 8601. */
  readonly since: string;
  /** The first configuration file. */
  readonly file: string;
}

/** One spawned process and what comes of it. */
export interface Lease {
  readonly pid: number;
  /** 0: not known. */
  readonly startTicks: number;
  readonly leadsGroup: boolean;
  /** Empty for what serves a service or the run: probes, clean-ups. */
  readonly service: string;
  readonly attempt: number;
  /** Not told to who reads the claim. */
  readonly byHelper?: boolean;
}

/** What somebody asked the run for. */
export interface ClaimedRequest {
  readonly request: string;
  readonly kind: string;
  readonly names: readonly string[];
}

export interface Claim {
  /** Undefined: it died before it said so. */
  readonly header: ClaimHeader | undefined;
  readonly running: boolean;
  /** What is not known to be gone. */
  readonly leases: readonly Lease[];
  /** What has not come to its end. */
  readonly requests: readonly ClaimedRequest[];
  readonly cgroup: string | undefined;
  /** Empty: it died before it said so. */
  readonly secret: string;
  /** The start of the youngest process it spawned: until then, at least, it was alive. */
  readonly lastTicks: number;
}

export const RUNNING_LINE = 'running\n';

export function headerLine(header: ClaimHeader): string {
  return `${JSON.stringify(header)}\n`;
}

export function spawnedLine({ pid, startTicks, leadsGroup, service, attempt }: Lease): string {
  return `${leadsGroup ? '+' : '='} ${pid} ${startTicks} ${attempt} ${service}\n`;
}

export function goneLine({ pid, startTicks }: Lease): string {
  return `- ${pid} ${startTicks}\n`;
}

export function cgroupLine(folder: string): string {
  return `c ${folder}\n`;
}

export function secretLine(secret: string): string {
  return `m ${secret}\n`;
}

export function acceptedLine(request: ClaimedRequest): string {
  return `> ${JSON.stringify(request)}\n`;
}

export function settledLine(request: string): string {
  return `< ${JSON.stringify(request)}\n`;
}

/** Lines of no known form are passed over: a later version may have written them. */
export function parseClaim(text: string): Claim {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const leases = new Map<string, Lease>();
  const requests = new Map<string, ClaimedRequest>();
  let header: ClaimHeader | undefined;
  let running = false;
  let cgroup: string | undefined;
  let secret = '';
  let lastTicks = 0;
  for (const line of lines) {
    if (line.startsWith('{')) header ??= parseHeader(line);
    else if (line === 'running') running = true;
    else if (line.startsWith('c ')) cgroup = line.slice(2);
    else if (line.startsWith('m ')) secret = line.slice(2);
    else if (line.startsWith('> ')) noteRequest(requests, line.slice(2));
    else if (line.startsWith('< ')) requests.delete(String(parseJson(line.slice(2))));
    else {
      const [sign = '', pid = '', startTicks = '', attempt, service = ''] = line.split(' ');
      if (sign === '-') leases.delete(`${pid} ${startTicks}`);
      if (sign !== '+' && sign !== '=') continue;
      leases.set(`${pid} ${startTicks}`, {
        pid: Number(pid),
        startTicks: Number(startTicks),
        leadsGroup: sign === '+',
        service,
        attempt: Number(attempt),
      });
      lastTicks = Math.max(lastTicks, Number(startTicks));
    }
  }
  return {
    ...{ header, running, leases: [...leases.values()], requests: [...requests.values()] },
    ...{ cgroup, secret, lastTicks },
  };
}

function noteRequest(requests: Map<string, ClaimedRequest>, text: string): void {
  const { request, kind, names } = (parseJson(text) ?? {}) as Record<string, unknown>;
  if (typeof request !== 'string' || !Array.isArray(names)) return;
  requests.set(request, { request, kind: String(kind), names: names.map(String) });
}

function parseHeader(line: string): ClaimHeader | undefined {
  const header = parseJson(line) as Record<string, unknown> | undefined;
  if (header === undefined) return undefined;
  const { project, since, file } = header;
  return { project: String(project), since: String(since), file: String(file) };
}

/** Undefined: it is not ours. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
