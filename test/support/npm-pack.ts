/**
 * How tests pack this repository: as it was built, without building it again under the tests that run meanwhile.
 *
 * npm 10 runs `prepare` of a folder that it packs, whatever `--ignore-scripts` says; the shell for it is one that does nothing.
 */
export const NPM_PACK: readonly string[] = ['pack', '--ignore-scripts', '--script-shell=true'];
