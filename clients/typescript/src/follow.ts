/** The events of an incident as they are recorded: server-sent events, resumed where they broke. */
import { addressOf, headersOf, type Options, pause, type Problem } from "./index.js";

/** One event of the log; `event.tag` is its kind, such as `incident.declared.v1`. */
export interface LogEvent {
  id: string;
  position: number;
  index: number;
  recorded_at: string;
  actor: string;
  correlation_id: string;
  event: { tag: string; occurred_at: string; [field: string]: unknown };
}

/**
 * Each event once and in turn, from the first one, or behind the place `after` (`position.index`) of
 * one. A connection that is lost is taken up again; a refusal is thrown.
 */
export async function* follow(
  ref: string,
  options: Options & { after?: string; signal?: AbortSignal } = {},
): AsyncGenerator<LogEvent> {
  const url = `${addressOf(options)}/v1/incidents/${encodeURIComponent(ref)}/events`;
  let last = options.after ?? "";
  for (let lost = 0; ; ) {
    const headers = {
      ...headersOf(options),
      Accept: "text/event-stream",
      ...(last ? { "Last-Event-ID": last } : {}),
    };
    try {
      const reply = await fetch(url, { headers, signal: options.signal ?? null });
      if (!reply.ok && reply.status !== 429 && reply.status < 500) {
        const problem = (await reply.json()) as Problem;
        throw new Error(`${problem.code}: ${problem.detail}`, { cause: problem });
      }
      for await (const event of reply.ok && reply.body ? events(reply.body) : []) {
        last = `${event.position}.${event.index}`;
        lost = 0;
        yield event;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    if (++lost >= (options.attempts ?? 6)) throw new Error(`${url} cannot be followed`);
    await pause((options.firstWaitMs ?? 100) * 2 ** (lost - 1));
  }
}

/** The events of a body; what a broken connection left unended is not one. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<LogEvent> {
  let text = "";
  let data: string[] = [];
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      const lines = text.split(/\r\n|\n|\r(?!$)/);
      text = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
        else if (line === "" && data.length) {
          yield JSON.parse(data.join("\n")) as LogEvent;
          data = [];
        }
      }
    }
  } finally {
    await reader.cancel(); // whoever stops to read does not hold the connection
  }
}
