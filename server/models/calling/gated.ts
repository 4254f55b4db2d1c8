import { ModelError } from "../model-error.ts";
import type { ChatModel, ModelWrapper, Sending } from "../model.ts";
import { createFairQueue } from "./fair-queue.ts";

/** Calls in flight at once at one provider where the model does not say otherwise. */
export const defaultConcurrency = 64;

/** The bound on the requests that are in flight at once at one provider. */
export interface Gate {
  /** Resolves when there is a place, with what gives it back. */
  enter(sending: Sending | undefined, signal: AbortSignal): Promise<Leave>;
  /** How many places there are now. */
  readonly places: number;
}

/** Gives a place back, and says whether the provider could not keep up, did well, or neither can be told. */
export type Leave = (end: "good" | "overloaded" | "other") => void;

/**
 * A gate that learns: it begins with all places, loses three in ten when the provider cannot keep up (once for all the
 * requests that were in flight together), and gains one a round of good answers. Beside them there are places for interactive requests alone.
 * Source of the rule: D.-M. Chiu and R. Jain, "Analysis of the Increase and Decrease Algorithms for Congestion Avoidance", 1989.
 */
export function createGate(most: number, interactiveOnly = 0): Gate {
  const queue = createFairQueue();
  let places = most;
  let inside = 0;
  /** Counts the losses: those who entered before the last one have been counted with it. */
  let losses = 0;
  const admit = (): void => {
    const left = (): number => Math.floor(places) - inside;
    while (left() > 0 ? queue.next() : left() + interactiveOnly > 0 && queue.next(["interactive"])) inside += 1;
  };
  return {
    async enter(sending, signal) {
      signal.throwIfAborted();
      // Nobody who comes now passes those who wait, save for a place that is not theirs.
      const turn = queue.wait(sending, signal);
      admit();
      await turn;
      const lossesThen = losses;
      return (end) => {
        inside -= 1;
        if (end === "good") places = Math.min(most, places + 1 / Math.floor(places));
        else if (end === "overloaded" && lossesThen === losses) {
          losses += 1;
          places = Math.max(1, places * 0.7);
        }
        admit();
      };
    },
    get places() {
      return Math.floor(places);
    },
  };
}

/** Errors by which a provider says that it is asked too much. */
const overload = new Set(["model.rate-limited", "model.overloaded"]);

/** Holds the requests in flight to the gate of the model's provider. The others wait in a fair line; one that is aborted leaves it. */
export function gated(gateOf: (model: ChatModel) => Gate): ModelWrapper {
  return (model) => ({
    ...model,
    async *stream(request, signal) {
      const leave = await gateOf(model).enter(request.sending, signal);
      let end: Parameters<Leave>[0] = "other";
      try {
        for await (const part of model.stream(request, signal)) {
          if (part.type === "finish") end = "good";
          yield part;
        }
      } catch (thrown) {
        if (thrown instanceof ModelError && overload.has(thrown.code)) end = "overloaded";
        throw thrown;
      } finally {
        leave(end);
      }
    },
  });
}
