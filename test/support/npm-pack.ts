/**
 * How tests pack this repository: as it was built, without building it again under the tests that run meanwhile.
 */
export const NPM_PACK: readonly string[] = ['pack', '--ignore-scripts'];
