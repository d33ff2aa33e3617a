/** Whether a webhook comes from Commandpost: Standard Webhooks, specification 1.0. */

/** It does not come from whoever has the secret, or is too old. */
export class Unverified extends Error {}

/**
 * The content of a webhook that was signed with `secret` (`whsec_…`) at most `toleranceS` ago. `body`
 * is as it was received: not parsed and written again. The same delivery may come twice; its
 * `webhook-id` tells.
 */
export async function verify(
  secret: string,
  headers: Headers | Record<string, string>,
  body: string | Uint8Array,
  { now = Date.now() / 1000, toleranceS = 300 }: { now?: number; toleranceS?: number } = {},
): Promise<Record<string, unknown>> {
  const shown = new Headers(headers);
  const [id, at, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => {
    const value = shown.get(name);
    if (value === null) throw new Unverified(`there is no header ${name}`);
    return value;
  }) as [string, string, string];
  if (!/^\d+$/.test(at)) throw new Unverified("webhook-timestamp is not a number of seconds");
  if (Math.abs(now - Number(at)) > toleranceS) {
    throw new Unverified(`it was signed more than ${toleranceS} s ago, or in the future`);
  }
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  const signed = new TextEncoder().encode(`${id}.${at}.${text}`);
  const key = await keyOf(secret);
  for (const signature of signatures.split(" ")) {
    const [version, value = ""] = signature.split(",");
    const bytes = version === "v1" ? bytesOf(value) : undefined;
    // The platform compares, in constant time.
    if (bytes && (await crypto.subtle.verify("HMAC", key, bytes, signed))) {
      return JSON.parse(text) as Record<string, unknown>;
    }
  }
  throw new Unverified("no signature fits");
}

function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = bytesOf(secret.replace(/^whsec_/, ""));
  if (!bytes) throw new Unverified("the secret is not base64");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
