/**
 * Whether the command line looks as if services will run: known before it is parsed, so that what takes its time can be
 * begun while the rest of the program is loaded.
 */
export const willSupervise: boolean = process.argv.some((word) => word === 'up' || word === 'run');
