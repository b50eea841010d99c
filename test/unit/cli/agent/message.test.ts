/** What a line means as a message, and of which revision a request is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMessage } from '../../../../src/cli/client/agent/message.ts';
import { eraOf, negotiateVersion } from '../../../../src/cli/client/agent/revision.ts';
import { assertProperty } from '../../../support/assert-property.ts';

test('a request, a notification and an answer are told apart by what they have', () => {
  const params = { a: 1 };
  for (const [given, kind] of [
    [{ id: 1, method: 'ping' }, 'request'],
    [{ id: '', method: 'ping', params }, 'request'],
    [{ id: 0, method: 'ping' }, 'request'],
    [{ method: 'ping' }, 'notification'],
    [{ id: 1, result: {} }, 'answer'],
    [{ error: {} }, 'answer'],
  ] as const)
    assert.equal(parseMessage(JSON.stringify({ jsonrpc: '2.0', ...given })).kind, kind);
});

test('what is wrong has the code of the protocol, and its id where that can be read', () => {
  for (const [line, code, id] of [
    ['', -32700, undefined],
    ['{"jsonrpc":"2.0"', -32700, undefined],
    ['[]', -32600, undefined],
    ['null', -32600, undefined],
    ['3', -32600, undefined],
    ['{"jsonrpc":"1.0","id":4,"method":"ping"}', -32600, 4],
    ['{"jsonrpc":"2.0","id":4}', -32600, 4],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, undefined],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, undefined],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, undefined],
    ['{"jsonrpc":"2.0","id":"x","method":"ping","params":[1]}', -32602, 'x'],
    ['{"jsonrpc":"2.0","id":"x","method":"ping","params":null}', -32602, 'x'],
  ] as const) {
    const message = parseMessage(line);
    assert.equal(message.kind, 'invalid', line);
    if (message.kind === 'invalid') assert.deepEqual([message.problem.code, message.id], [code, id], line);
  }
});

test('whatever the line, it is some message', () => {
  const lines = fc.oneof(
    fc.string(),
    fc.json(),
    fc.record({ jsonrpc: fc.constant('2.0'), id: fc.anything() }).map(textOf),
  );
  assertProperty(
    fc.property(lines, (line) => {
      assert.ok(['request', 'notification', 'answer', 'invalid'].includes(parseMessage(line).kind));
    }),
  );
});

/** What JSON has no word for is left out. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

test('the handshake agrees on what was asked for, else on the next older revision, else on the newest', () => {
  for (const [asked, agreed] of [
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2025-03-26', '2024-11-05'],
    ['2024-11-05', '2024-11-05'],
    ['2026-07-28', '2025-11-25'],
    ['2999-01-01', '2025-11-25'],
    ['2000-01-01', '2025-11-25'],
    [undefined, '2025-11-25'],
    [7, '2025-11-25'],
  ] as const)
    assert.equal(negotiateVersion(asked), agreed, String(asked));
});

test('a request says of itself which revision it is of, and what the client can do', () => {
  const version = 'io.modelcontextprotocol/protocolVersion';
  const capabilities = 'io.modelcontextprotocol/clientCapabilities';
  for (const [method, meta, expected] of [
    ['tools/list', undefined, 'handshake'],
    ['tools/list', { progressToken: 1 }, 'handshake'],
    ['tools/list', { [version]: '2026-07-28', [capabilities]: {} }, 'modern'],
    ['tools/list', { [version]: '2026-07-28' }, -32602],
    ['tools/list', { [version]: 3, [capabilities]: {} }, -32602],
    ['tools/list', { [version]: '2025-11-25', [capabilities]: {} }, -32022],
    ['server/discover', { [version]: '2999-01-01', [capabilities]: {} }, -32022],
    ['server/discover', undefined, -32602],
    ['initialize', 'text', 'handshake'],
  ] as const) {
    const era = eraOf(method, meta === undefined ? {} : { _meta: meta });
    assert.equal(
      era.kind === 'refused' ? era.problem.code : era.kind,
      expected,
      `${method} ${JSON.stringify(meta)}`,
    );
  }
});
