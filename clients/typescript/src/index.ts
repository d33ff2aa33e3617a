/**
 * A typed client of Commandpost: every path of the service's OpenAPI document, with its parameters,
 * bodies and answers, as openapi-fetch calls them. What is added here: the token and the actor on
 * each request, and retries that do a command once.
 */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export { follow, type LogEvent } from "./follow.js";
export { Unverified, verify } from "./webhooks.js";
export type { components, paths };

/** What a refusal says: `code` is stable, `detail` is for people (RFC 9457). */
export type Problem = components["schemas"]["ProblemDocument"];

export interface Options {
  /** Without it, that of COMMANDPOST_URL. */
  url?: string;
  /** Without it, that of COMMANDPOST_TOKEN. */
  token?: string;
  /** On whose behalf commands are sent, where the token may say so. */
  actor?: string;
  /** How often a request is tried that is not answered, or with 429 or 5xx (6). */
  attempts?: number;
  /** Milliseconds before the second attempt (100), doubled for each further one. */
  firstWaitMs?: number;
  fetch?: (request: Request) => Promise<Response>;
}

const LONGEST_WAIT_MS = 5_000;
const LONGEST_ASKED_MS = 60_000;

/** The client; each call gives `data`, or the `error` that the service answered. */
export function commandpost(options: Options = {}): Client<paths> {
  return createClient<paths>({
    baseUrl: addressOf(options),
    headers: headersOf(options),
    fetch: (request) => patiently(request, options),
  });
}

/** Where the service is. */
export function addressOf(options: Options): string {
  const url = options.url ?? environment("COMMANDPOST_URL");
  if (!url) throw new TypeError("no url is given, and COMMANDPOST_URL is not set");
  return url.replace(/\/$/, "");
}

/** What each request shows. */
export function headersOf(options: Options): Record<string, string> {
  const token = options.token ?? environment("COMMANDPOST_TOKEN");
  return {
    ...(token ? { Authorization: `Bearer ${token.trim()}` } : {}),
    ...(options.actor ? { "Commandpost-Actor": options.actor } : {}),
  };
}

/** Each attempt carries the same key, so that a command whose answer was lost is not done twice. */
async function patiently(request: Request, options: Options): Promise<Response> {
  const send = options.fetch ?? fetch;
  if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
    request.headers.set("Idempotency-Key", crypto.randomUUID());
  }
  for (let attempt = 1, wait = options.firstWaitMs ?? 100; ; attempt++) {
    const last = attempt >= (options.attempts ?? 6);
    try {
      const reply = await send(request.clone());
      if (last || !(reply.status === 429 || reply.status >= 500)) return reply;
      await pause(Math.max(spread(wait), asked(reply)));
    } catch (error) {
      if (last || !(error instanceof TypeError)) throw error; // fetch's word for: not reached
      await pause(spread(wait));
    }
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
}

/** A random half to the whole of it: a thousand clients do not come back at once. */
function spread(wait: number): number {
  return wait * (0.5 + Math.random() / 2);
}

function asked(reply: Response): number {
  const seconds = Number(reply.headers.get("Retry-After"));
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_ASKED_MS) : 0;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** A browser has none. */
function environment(name: string): string | undefined {
  return typeof process === "undefined" ? undefined : process.env[name];
}
