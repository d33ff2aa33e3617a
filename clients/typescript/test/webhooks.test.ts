import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Unverified, verify } from "../src/index.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const AT = 1_795_857_600;
const BODY = '{"kind": "declared", "text": "Kasse fällt aus"}';

function signed(id = "msg_1"): Record<string, string> {
  const key = Buffer.from(SECRET.slice("whsec_".length), "base64");
  const value = createHmac("sha256", key).update(`${id}.${AT}.${BODY}`).digest("base64");
  return { "Webhook-Id": id, "webhook-timestamp": `${AT}`, "webhook-signature": `v2,x v1,${value}` };
}

test("what was signed is read, as text and as bytes", async () => {
  for (const body of [BODY, new TextEncoder().encode(BODY)]) {
    const content = await verify(SECRET, signed(), body, { now: AT + 299 });
    assert.equal(content["text"], "Kasse fällt aus");
  }
});

test("what was changed, is too old or has another secret is refused", async () => {
  const changed: [string, Record<string, string>, string, number, RegExp][] = [
    [SECRET, signed(), `${BODY} `, AT, /no signature fits/],
    [SECRET, { ...signed(), "Webhook-Id": "msg_2" }, BODY, AT, /no signature fits/],
    [SECRET, { ...signed(), "webhook-timestamp": "soon" }, BODY, AT, /not a number/],
    [SECRET, { "Webhook-Id": "msg_1" }, BODY, AT, /no header webhook-timestamp/],
    [SECRET, signed(), BODY, AT + 301, /more than 300 s/],
    [`whsec_${"A".repeat(32)}`, signed(), BODY, AT, /no signature fits/],
    ["whsec_!", signed(), BODY, AT, /not base64/],
  ];
  for (const [secret, headers, body, now, message] of changed) {
    await assert.rejects(verify(secret, headers, body, { now }), (error: unknown) => {
      assert.ok(error instanceof Unverified);
      assert.match(error.message, message);
      return true;
    });
  }
});
