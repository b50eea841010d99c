/**
 * One line of `/proc/net/tcp` or `/proc/net/tcp6` (proc(5)). Pure.
 *
 * Addresses are written as sockets tell them: "127.0.0.1", "::1"; an IPv4 address in an IPv6 socket is the IPv4 address.
 */
import { SocketAddress } from 'node:net';
import { endianness } from 'node:os';
import type { Endpoint } from '../ports.ts';

export interface SocketRow {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** A connection that this end has not closed. */
  readonly open: boolean;
  readonly uid: number;
  /** As the links in `/proc/<pid>/fd` name it; "0": no process holds it. */
  readonly inode: string;
}

/** The fields of a line, uninterpreted: most lines are of no interest. */
export type SocketFields = readonly string[];

const LOCAL = 1;
const REMOTE = 2;
const STATE = 3;
const UID = 7;
const INODE = 9;
const LISTEN = '0A';
const ESTABLISHED = '01';
const CLOSE_WAIT = '08';
/** `TCP_CLOSE`, which is what a socket of UDP is in that takes datagrams of anybody. */
const UNCONNECTED = '07';

/** Undefined for the heading, and for what is no whole line. */
export function splitSocketLine(line: string): SocketFields | undefined {
  const fields = line.trim().split(/\s+/, INODE + 1);
  return fields.length > INODE && fields[0]?.endsWith(':') ? fields : undefined;
}

export function isListening(fields: SocketFields): boolean {
  return fields[STATE] === LISTEN;
}

/** Of UDP, which has nothing that listens. */
export function isUnconnected(fields: SocketFields): boolean {
  return fields[STATE] === UNCONNECTED;
}

/** Whether the port is that of one of its two ends. */
export function concernsPort(fields: SocketFields, port: number): boolean {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return fields[LOCAL]!.endsWith(end) || fields[REMOTE]!.endsWith(end);
}

export function toSocketRow(fields: SocketFields): SocketRow {
  return {
    local: toEndpoint(fields[LOCAL]!),
    remote: toEndpoint(fields[REMOTE]!),
    open: fields[STATE] === ESTABLISHED || fields[STATE] === CLOSE_WAIT,
    uid: Number(fields[UID]),
    inode: fields[INODE]!,
  };
}

/** Without the zone, and an IPv4 address without the prefix that an IPv6 socket gives it. */
export function plainAddress(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
}

function toEndpoint(field: string): Endpoint {
  const colon = field.indexOf(':');
  return { address: toAddress(field.slice(0, colon)), port: Number.parseInt(field.slice(colon + 1), 16) };
}

/** The kernel prints an address as words of 32 bits, each in the byte order of the machine. */
function toAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => {
    const ofWord = word.match(/../g) ?? [];
    return endianness() === 'LE' ? ofWord.reverse() : ofWord;
  });
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = bytes.join('').match(/.{4}/g) ?? [];
  return plainAddress(new SocketAddress({ family: 'ipv6', address: groups.join(':') }).address);
}
