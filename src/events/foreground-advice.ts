/**
 * How a program that went to the background is kept in the foreground, for those that are known. Pure.
 *
 * By the words of the command, the last known program among them: what stands before may be a wrapper.
 */

type Line = (words: readonly string[]) => string;

const flag =
  (text: string): Line =>
  () =>
    text;
const add = (...flags: readonly string[]): Line => flag(`add ${flags.map(quoted).join(' or ')}`);
const leaveOut = (...flags: readonly string[]): Line => flag(`leave out ${flags.map(quoted).join(' or ')}`);

/** By the name of the program; a name that ends in `*` is how it begins. */
const KNOWN: readonly (readonly [names: string, line: Line])[] = [
  ['nginx openresty', add("-g 'daemon off;'")],
  ['redis-server valkey-server keydb-server', add('--daemonize no')],
  ['pg_ctl', (words) => `write ${quoted(`postgres -D ${folderOf(words)}`)} in place of pg_ctl`],
  ['pg_ctlcluster', add('--foreground')],
  ['php-fpm*', add('-F')],
  ['httpd apache2 apachectl apache2ctl', add('-DFOREGROUND')],
  ['sshd', add('-D')],
  ['cron fcron', add('-f')],
  ['crond', add('-n', '-f')],
  ['rabbitmq-server', leaveOut('-detached')],
  ['mysqld mariadbd', leaveOut('--daemonize')],
  ['mysqld_safe mariadbd-safe', flag('write "mysqld" (or "mariadbd") in its place')],
  ['mongod mongos', leaveOut('--fork')],
  ['memcached', leaveOut('-d')],
  ['haproxy', leaveOut('-D')],
  ['varnishd', add('-F')],
  ['squid', add('--foreground')],
  ['named', add('-f')],
  ['dnsmasq', add('--keep-in-foreground')],
  ['rsyslogd keepalived ntpd supervisord proftpd', add('-n')],
  ['postfix', flag('write "postfix start-fg"')],
  ['exim exim4', add('-bdf')],
  ['smbd nmbd winbindd', add('--foreground')],
  ['chronyd', add('-d')],
  ['gunicorn', leaveOut('--daemon', '-D')],
  ['uwsgi', leaveOut('--daemonize')],
  ['caddy', flag('write "caddy run"')],
  ['pm2', flag('write "pm2-runtime start"')],
  ['docker docker-compose podman', leaveOut('-d', '--detach')],
  ['service invoke-rc.d systemctl rc-service', flag('write the program itself, in the foreground')],
];

/** A clause: what to write instead. `words` are those of the command, of a text for the shell as far as they are plain. */
export function foregroundAdvice(words: readonly string[]): string {
  const known = words.map(knownAs).findLast((line) => line !== undefined);
  if (known !== undefined) return `keep it in the foreground: ${known(words)}`;
  if (words.some((word) => word === '&' || /[^&>]&$/.test(word)))
    return 'leave out the "&", or let the text end with "wait"';
  return 'start it in the foreground: most programs have a flag for that ("--foreground", "--no-daemon", "-F", "-D")';
}

/** The words of a script, as far as a look can tell them: quotes and what separates commands are taken off. */
export function wordsOfScript(script: string): readonly string[] {
  return script
    .replace(/&&|\|\||[;|(){}]/g, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/^["']|["']$/g, ''))
    .filter((word) => word !== '');
}

function knownAs(word: string): Line | undefined {
  const name = word.slice(word.lastIndexOf('/') + 1);
  return KNOWN.find(([names]) =>
    names
      .split(' ')
      .some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each)),
  )?.[1];
}

function folderOf(words: readonly string[]): string {
  const at = words.findIndex((word) => word === '-D' || word === '--pgdata');
  const joined = words.find((word) => /^(?:-D.|--pgdata=)/.test(word));
  return (at === -1 ? joined?.replace(/^(?:-D|--pgdata=)/, '') : words[at + 1]) ?? 'FOLDER';
}

function quoted(text: string): string {
  return `"${text}"`;
}
