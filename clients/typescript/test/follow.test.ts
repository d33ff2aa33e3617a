import assert from "node:assert/strict";
import { test } from "node:test";
import { events } from "../src/follow.js";

/** A body that comes in these parts. */
function body(...parts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
}

async function positions(...parts: string[]): Promise<number[]> {
  const found: number[] = [];
  for await (const event of events(body(...parts))) found.push(event.position);
  return found;
}

test("events are read however they are cut", async () => {
  const stream = ': hello\r\n\r\nid: 3.0\ndata: {"position":\ndata: 3}\n\nid: 4.0\ndata: {"position":4}\n\n';
  assert.deepEqual(await positions(stream), [3, 4]);
  assert.deepEqual(await positions(...stream), [3, 4]);
});

test("what a broken connection left unended is not an event", async () => {
  assert.deepEqual(await positions('id: 3.0\ndata: {"position":3}\n\nid: 4.0\ndata: {"posi'), [3]);
});
