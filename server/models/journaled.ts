import { addressText } from "#server/notebook/address.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { Journal } from "#server/store/journal.ts";
import type { ChatRequest } from "./model.ts";
import type { Send } from "./sender.ts";

/**
 * Writes each call to the journal before it is sent and after it ended, and resolves only when both are on disk: what was
 * paid for is never lost, and no final value is seen that is not kept.
 */
export function journaled(send: Send, journal: Pick<Journal, "begin" | "finish">, clock: () => number): Send {
  return async (call, signal, onText) => {
    const { key, model, request, context, address, step } = call;
    const sentAt = clock();
    const id = await journal.begin({
      key,
      notebook: context.notebook,
      address: addressText(address),
      step,
      run: context.run,
      model: model.name,
      request: requestDatum(request),
      sentAt,
    });
    const sent = await send(call, signal, onText);
    await journal.finish(id, sent.end);
    return { ...sent, sentAt };
  };
}

function requestDatum({ messages, completion, parameters, schema }: ChatRequest): Datum {
  return {
    ...(completion === undefined
      ? { messages: messages.map(({ role, content }) => ({ role, content })) }
      : { completion }),
    parameters: { ...parameters } as { readonly [name: string]: Datum },
    ...(schema === undefined ? {} : { schema }),
  };
}
