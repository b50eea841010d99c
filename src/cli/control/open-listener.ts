/**
 * `up --listen`: a port at which clients come in besides the private socket, and the token that they must know. Loaded
 * when it is asked for.
 */
import { resolve } from 'node:path';
import type { ApiPortAnswer } from '../../control/protocol.ts';
import type { Controlled } from '../../control/server/controlled.ts';
import type { ControlServer } from '../../control/server/serve.ts';
import { authorityOf, type LoopbackAddress, parseLoopback } from '../../control/server/tcp/address.ts';
import type { TcpServer } from '../../control/server/tcp/serve-tcp.ts';
import { makeToken, readToken, removeToken } from '../../control/server/tcp/token.ts';
import { UsageError, type World } from '../world.ts';

export interface ListenOptions {
  readonly listen?: string | undefined;
  /** A file with the token; left out: one is made. */
  readonly tokenFile?: string | undefined;
}

export interface Listener {
  /** As somebody asked for it. */
  readonly asked: string;
  /** Whether a run that listens there has it already. */
  isAt(listen: ApiPortAnswer | undefined): boolean;
  /** `madeFile`: where a token that is made can be kept. Throws a `UsageError` if nobody can be let in. */
  open(run: Controlled, madeFile: string | undefined): Promise<OpenListener>;
}

export interface OpenListener extends ControlServer {
  /** Where it is, and who is let in: never the token itself. */
  readonly listen: ApiPortAnswer;
  /** Clients are answered from now on. */
  begin(): void;
}

/** Looks at what was asked for. Throws a `UsageError` if it can't be done. */
export function listenerOf(world: World, { listen = '', tokenFile }: ListenOptions): Listener {
  const address = parseLoopback(listen);
  if ('why' in address)
    throw new UsageError(`Cannot listen at ${JSON.stringify(listen)}: ${address.why}; nothing was started`);
  const isAt = (there: ApiPortAnswer | undefined): boolean =>
    there !== undefined && isUrlAt(there.url, address);
  if (tokenFile === undefined)
    return { asked: listen, isAt, open: (run, madeFile) => openWithMade(world, address, run, madeFile) };
  const path = resolve(world.cwd, tokenFile);
  const given = readToken(path, world.uid);
  if ('why' in given)
    throw new UsageError(`Cannot take the token from ${JSON.stringify(path)}: ${given.why}`);
  return {
    asked: listen,
    isAt: (there) => isAt(there) && there?.token_file === path,
    async open(run) {
      const server = await listenAt(world, address, run, given.token);
      return { ...server, listen: listenOf(server, path) };
    },
  };
}

async function openWithMade(
  world: World,
  address: LoopbackAddress,
  run: Controlled,
  file: string | undefined,
): Promise<OpenListener> {
  if (file === undefined)
    throw new UsageError(
      `Cannot listen at ${authorityOf(address)}: there is no folder of this user alone to keep a token in; ` +
        'set XDG_RUNTIME_DIR to one, or name a file with --token-file',
    );
  const server = await listenAt(world, address, run, tokenIn(file));
  return {
    ...server,
    listen: listenOf(server, file),
    close(withinMs) {
      removeToken(file);
      return server.close(withinMs);
    },
  };
}

function tokenIn(file: string): string {
  try {
    return makeToken(file);
  } catch (error) {
    throw new UsageError(`Cannot keep a token in ${JSON.stringify(file)}: ${(error as Error).message}`);
  }
}

async function listenAt(
  world: World,
  address: LoopbackAddress,
  run: Controlled,
  token: string,
): Promise<TcpServer> {
  try {
    return await world.serveTcp(address, run, token);
  } catch (error) {
    throw new UsageError(
      `Cannot listen at ${authorityOf(address)}: ${await whyNot(world, address, error as NodeJS.ErrnoException)}`,
    );
  }
}

/** A clause with its remedy. */
async function whyNot(
  { findPortHolder }: World,
  { host, port }: LoopbackAddress,
  { code, message }: NodeJS.ErrnoException,
): Promise<string> {
  switch (code) {
    case 'EADDRINUSE': {
      const holder = (await findPortHolder(host, port)) ?? 'somebody';
      return `${holder} listens there already; end that, or name another port (0: any that is free)`;
    }
    case 'EACCES':
      return `port ${port} is for privileged users; name one from 1024 on`;
    case 'EADDRNOTAVAIL':
      return `this machine has no address ${host}; listen at 127.0.0.1`;
    default:
      return message;
  }
}

function listenOf({ address }: TcpServer, tokenFile: string): ApiPortAnswer {
  return { url: urlOf(address), token_file: tokenFile };
}

function urlOf(address: LoopbackAddress): string {
  return `http://${authorityOf(address)}`;
}

/** Any port will do for who has asked for none. */
function isUrlAt(url: string, address: LoopbackAddress): boolean {
  const { port } = new URL(url);
  return url === urlOf(address.port === 0 ? { ...address, port: Number(port || 80) } : address);
}
