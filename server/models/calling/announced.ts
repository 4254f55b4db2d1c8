import type { ChatModel, ModelWrapper } from "../model.ts";

/** Says that a request is about to leave, and lets it go when that is written: the innermost wrapper, so that nothing comes between. */
export const announced: ModelWrapper = (model) => ({
  ...model,
  stream: model.preparesFirst ? preparedMeanwhile(model) : askedAfter(model),
});

function askedAfter(model: ChatModel): ChatModel["stream"] {
  return async function* (request, signal) {
    await request.sending?.onSend?.();
    signal.throwIfAborted();
    yield* model.stream(request, signal);
  };
}

function preparedMeanwhile(model: ChatModel): ChatModel["stream"] {
  return async function* (request, signal) {
    let refusal: { readonly thrown: unknown } | undefined;
    const leaves = request.sending?.onSend?.().then(
      () => signal.throwIfAborted(),
      (thrown: unknown) => {
        refusal = { thrown };
        throw thrown;
      },
    );
    // Whoever fails before it gets there is the one to tell.
    leaves?.catch(() => {});
    try {
      yield* model.stream(
        leaves === undefined ? request : { ...request, sending: { ...request.sending, leaves } },
        signal,
      );
    } catch (thrown) {
      // What stood in the way is not what a provider's library makes of it.
      throw refusal === undefined ? thrown : refusal.thrown;
    }
  };
}
