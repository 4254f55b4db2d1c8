import type { ModelWrapper } from "../model.ts";

/** Says that a request is about to leave, and waits until that is written: the innermost wrapper, so that nothing comes between. */
export const announced: ModelWrapper = (model) => ({
  ...model,
  async *stream(request, signal) {
    await request.sending?.onSend?.();
    signal.throwIfAborted();
    yield* model.stream(request, signal);
  },
});
