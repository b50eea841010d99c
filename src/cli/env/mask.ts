/**
 * What of a value may be shown: nothing of one that is secret by its name, and no password of a URL. Pure.
 */

export const MASK = '***';

const SECRET_NAME = /PASSWORD|PASSWD|PASSPHRASE|(?:^|_)PASS(?:_|$)|SECRET|TOKEN|KEY|CREDENTIAL/i;
const PASSWORD_IN_URL = /(:\/\/[^\s/?#:@]*:)[^\s/?#]*@/g;

export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** An empty value is no secret. */
export function masked(name: string, value: string): string {
  if (value !== '' && looksSecret(name)) return MASK;
  return value.replace(PASSWORD_IN_URL, `$1${MASK}@`);
}
