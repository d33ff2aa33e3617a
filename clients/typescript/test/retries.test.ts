import assert from "node:assert/strict";
import { test } from "node:test";
import { commandpost } from "../src/index.js";

/** A service that answers with these, one after the other; null: it cannot be reached. */
function service(...statuses: (number | null)[]) {
  const seen: Request[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    seen.push(request);
    const status = statuses[seen.length - 1];
    if (!status) throw new TypeError("fetch failed");
    return Response.json({ code: "a.code", detail: "words" }, { status });
  };
  const options = { url: "http://service", token: "cpt_x", firstWaitMs: 1, attempts: 4 };
  return { seen, client: commandpost({ ...options, fetch }) };
}

test("a command is tried again with the same key, until it is answered", async () => {
  const { seen, client } = service(null, 503, 429, 201);
  const { error } = await client.POST("/v1/incidents", { body: { title: "Slow" } });
  assert.equal(error, undefined);
  assert.equal(seen.length, 4);
  const keys = new Set(seen.map((request) => request.headers.get("Idempotency-Key")));
  assert.equal(keys.size, 1);
  assert.ok(!keys.has(null));
  assert.equal(seen[0]?.headers.get("Authorization"), "Bearer cpt_x");
  assert.deepEqual(await seen[3]?.json(), { title: "Slow" });
});

test("a refusal is not tried again", async () => {
  const { seen, client } = service(409, 201);
  const { error } = await client.POST("/v1/incidents", { body: { title: "Slow" } });
  assert.equal(error?.code, "a.code");
  assert.equal(seen.length, 1);
});

test("what stays out of reach is given up", async () => {
  const { seen, client } = service();
  await assert.rejects(client.GET("/v1/incidents"), TypeError);
  assert.equal(seen.length, 4);
});
