/** The lines a terminal shows at the end: enough of one for a board that goes up, erases and writes again. */
export function render(raw: string): readonly string[] {
  const lines: string[] = [''];
  let row = 0;
  for (const part of raw.match(/\u001b\[[0-9;?]*[a-zA-Z]|\r|\n|[^\u001b\r\n]+|./gs) ?? []) {
    const [, number = '1', command] = /^\u001b\[([0-9;?]*)([a-zA-Z])$/.exec(part) ?? [];
    if (part === '\n') lines[++row] ??= '';
    else if (command === 'A' || command === 'F') row = Math.max(0, row - Number(number || 1));
    else if (command === 'B') row = Math.min(lines.length - 1, row + Number(number || 1));
    else if (command === 'J') lines.splice(row, Number.POSITIVE_INFINITY, '');
    else if (command === 'K') lines[row] = '';
    else if (command === undefined && part !== '\r') lines[row] += part;
  }
  return lines;
}
