/**
 * A shop of programs that each believe that the terminal is theirs, side by side.
 */
import { programPath } from './programs.ts';

/** The command line of a program of `test/programs/terminal`. */
export function onTerminal(name: string): string {
  return programPath(`terminal/${name}.sh`);
}

/**
 * They start one after the other, so that their lines have an order. Each waits on for a file of its own: "edited" for `types`, "asked"
 * for `api`, "resized" for `product-images`.
 */
export const SHOP = `
name: shop
services:
  api: { command: ${onTerminal('api')}, ready: { log: listening } }
  types: { command: ${onTerminal('tsc')}, ready: { log: Watching }, depends_on: [api] }
  shop-web-frontend-next: { command: ${onTerminal('vite')}, ready: { log: 'Local: +(?<url>\\S+)' }, depends_on: [types] }
  product-images: { command: ${onTerminal('progress')}, depends_on: [shop-web-frontend-next] }
  seed: { command: ${onTerminal('prompt')}, depends_on: [product-images] }
`;
