/**
 * A loopback address that no other process of the tests has: two suites may run on one machine at once. Linux answers for
 * all of 127.0.0.0/8.
 */
export const ownAddress = `127.${64 + ((process.pid >> 16) & 63)}.${(process.pid >> 8) & 255}.${process.pid & 255}`;
