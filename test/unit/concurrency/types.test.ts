/** What the compiler says of tasks and scopes: each line that must not be is held to be refused. */
import assert from 'node:assert/strict';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { test } from 'node:test';
import {
  CancelScope,
  failAfter,
  failAt,
  gather,
  iterate,
  moveOnAfter,
  now,
  race,
  shield,
  type TaskContext,
  taskGroup,
} from 'orderlyd/concurrency';

/** Compiles if both are the very same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(..._: Same<A, B> extends true ? [] : [never]): void => undefined;

test('what a cancelled scope gives may be undefined', async () => {
  const text = async () => 'text';
  const group = await taskGroup(text);
  same<typeof group, string | undefined>();
  const limited = await failAfter(1000, text);
  same<typeof limited, string | undefined>();
  const until = await failAt(now() + 1000, text);
  same<typeof until, string | undefined>();
  const moved = await moveOnAfter(1000, text);
  same<typeof moved, string | undefined>();
  const scoped = await new CancelScope().run(text);
  same<typeof scoped, string | undefined>();
  const shielded = await shield(text);
  same<typeof shielded, string>();
  const nothing: undefined = await taskGroup(async () => undefined);
  assert.equal(nothing, undefined);
});

test('the type of a started value comes with the annotated task, or a type argument', async () => {
  const serve = async (task: TaskContext<number>): Promise<void> => task.started(80);
  await taskGroup(async (group) => {
    const annotated = await group.start(serve);
    same<typeof annotated, number>();
    const inline = await group.start(async (task: TaskContext<{ port: number }>) =>
      task.started({ port: 80 }),
    );
    same<typeof inline, { port: number }>();
    const said = await group.start<number>(async ({ started }) => started(80));
    same<typeof said, number>();
    const unsaid = await group.start(async ({ started }) => started(80));
    same<typeof unsaid, unknown>();
  });
});

test('started can not leave out a value that is needed, nor give another', async () => {
  const wrong = async (group: Parameters<Parameters<typeof taskGroup>[0]>[0]): Promise<void> => {
    // @ts-expect-error a number is needed
    await group.start<number>(async ({ started }) => started());
    // @ts-expect-error a text is no number
    await group.start<number>(async ({ started }) => started('80'));
    await group.start<void>(async ({ started }) => started());
    await group.start<number | undefined>(async ({ started }) => started());
    await group.start(async ({ started }) => started());
  };
  assert.equal(typeof wrong, 'function');
});

test('a race of different types gives one of them', async () => {
  const winner = await race([() => 1, async () => 'text', async () => ({ at: 5n })]);
  same<typeof winner, number | string | { at: bigint }>();
  const alike = await race(['a', 'b'].map((name) => async () => name));
  same<typeof alike, string>();
  const both = await gather([() => 1, async () => 'text']);
  same<typeof both, [number, string]>();
});

test('items of web streams, Node streams and generators have their types', async () => {
  const web = async (stream: ReadableStream<string>) => {
    for await (const item of iterate(stream)) same<typeof item, string>();
  };
  const node = async (stream: WebStream<Uint8Array>) => {
    for await (const item of iterate(stream)) same<typeof item, Uint8Array>();
  };
  const response = async ({ body }: Response) => {
    if (body !== null) for await (const chunk of iterate(body)) assert.ok(chunk.byteLength > 0);
  };
  const read: string[] = [];
  for await (const item of iterate(new Response('hello').body!.pipeThrough(new TextDecoderStream()))) {
    same<typeof item, string>();
    read.push(item);
  }
  assert.deepEqual(read, ['hello']);
  await web(ReadableStream.from(['a']) as ReadableStream<string>);
  await node(ReadableStream.from([new Uint8Array(1)]) as WebStream<Uint8Array>);
  await response(new Response('hello'));
});
