// node flood.cjs MARKS GATE NAME LINES: writes numbered lines of 100 bytes as fast as a pipe takes them.
// It tells MARKS when it is there, waits for GATE to be opened, and tells MARKS again when all is written. Its writes end in the
// middle of lines. The last four digits of a number are made once, the first four with one store a line: more than 1 GB/s.
'use strict';
const { openSync, readSync, writeSync } = require('node:fs');

const [marks, gate, name, lines] = process.argv.slice(2);
const LINE = 100;
const BLOCK = 10_000;
const PIECE = 65_536;
const digitsAt = name.length + 1;

const block = Buffer.alloc(BLOCK * LINE);
for (let index = 0; index < BLOCK; index++) {
  const text = `${name} 0000${String(index).padStart(4, '0')} `;
  const filler = Array.from({ length: LINE - 1 - text.length }, (_, at) =>
    String.fromCharCode(97 + (at % 26)),
  );
  block.write(`${text}${filler.join('')}\n`, index * LINE, 'latin1');
}
const view = new DataView(block.buffer, block.byteOffset, block.length);

const tell = openSync(marks, 'a');
writeSync(tell, '\n');
const held = openSync(gate, 'r');

for (let number = 0; number < Number(lines); number += BLOCK) {
  const digits = Buffer.from(String(number / BLOCK).padStart(4, '0')).readUInt32BE();
  for (let at = digitsAt; at < block.length; at += LINE) view.setUint32(at, digits);
  const end = Math.min(BLOCK, Number(lines) - number) * LINE;
  for (let at = 0; at < end; ) at += writeSync(1, block, at, Math.min(PIECE, end - at));
}
writeSync(tell, '\n');
readSync(held, Buffer.alloc(1)); // until it is told to end
