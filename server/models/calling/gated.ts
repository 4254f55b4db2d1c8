import { ModelError } from "../model-error.ts";
import type { ChatModel, ModelWrapper, Sending } from "../model.ts";
import { createFairQueue } from "./fair-queue.ts";
import type { Timers } from "./timers.ts";

/** Calls in flight at once at one provider where the model does not say otherwise. */
export const defaultConcurrency = 64;

/** How many requests may be in flight at once. */
export interface GateBounds {
  readonly most: number;
  /** Beside them, for interactive requests alone. */
  readonly interactiveOnly: number;
  /** As many as it begins with, and begins anew with where the bounds change. */
  readonly first: number;
}

/** The bound on the requests that are in flight at once at one provider. */
export interface Gate {
  /** Resolves when there is a place. */
  enter(sending: Sending | undefined, signal: AbortSignal): Promise<Place>;
  /** How many places there are now. */
  readonly places: number;
  /** How many there may come to be: the most, where nothing has told yet that those are too many. */
  readonly expected: number;
}

/** The place of a request that is in flight. */
export interface Place {
  /** Says that its answer begins, and whether it does as soon as it would with fewer at once. */
  begin(isSoon: boolean): void;
  /** Whether none or few others were in flight when it came: then it begins as soon as it can. */
  readonly isAmongFew: boolean;
  /** Whether, where it is not begun, answers to others were under way since it came, but few for how many were in flight: then it is in the provider's own line. */
  readonly isCrowded: boolean;
  /** Gives it back. It ended well, the provider could not keep up, refused it for being one too many or began no answer in its time, or none of these can be told. */
  leave(end: "good" | "overloaded" | "refused" | "silent" | "other"): void;
}

/** So many stay where all in flight are refused: that may be for their number in a time, and not for being at once. */
const fewAtLeast = 4;

/** Rounds in which all answers begin late until one goes among few, at first and, doubled each time and halved with each gain, at the most. */
const leastPatience = 4;
const mostPatience = 64;

/** One who was let in: how many were inside then, whether it goes among few to measure, and whether it took the last place, which had been taken so often before. */
interface Entry {
  readonly measures: boolean;
  readonly tookLast: boolean;
  readonly insideThen: number;
  readonly fillingsThen: number;
}

/**
 * A gate that learns: it begins with the first of its places, loses three in ten when the provider cannot keep up (once for all the
 * requests that were in flight together), and gains one a round of good answers. Beside them there are places for interactive requests alone.
 * Of those in flight together that the provider refuses as too many, as many places stay as it did not refuse, or four.
 * Where a request is not begun in its time while others are, as many stay as could be begun in half of that, and all that are answered then; each time it then takes twice as long
 * to find out whether more can be, until as many are answered well. One that does not begin with all gains for each answer that begins as soon where it takes the last place: a whole one until it first loses one.
 * Where none does for long, one goes among a third as many at the most: requests may have become longer than those that began sooner.
 * Source of the rule: D.-M. Chiu and R. Jain, "Analysis of the Increase and Decrease Algorithms for Congestion Avoidance", 1989.
 */
export function createGate(boundsNow: () => GateBounds): Gate {
  const queue = createFairQueue();
  let bounds = boundsNow();
  let places = bounds.first;
  let inside = 0;
  /** Counts the losses: those who entered before the last one have been counted with it. */
  let losses = 0;
  /** Of the last loss: how many were in flight then, and how many of them were refused. */
  let insideAtLoss = 0;
  let refused = 0;
  /** How often so many were too many, as far as that is not forgotten: each two rounds of good answers with as many places as at the last one take one of them. */
  let doubts = 0;
  let doubtedAt = 0;
  let goodSince = 0;
  /** Counts how often the last place was taken. */
  let fillings = 0;
  /** The answers that have begun, and of them those that have not ended. */
  let begun = 0;
  let running = 0;
  /** Late beginnings since the last gain, the rounds of them after which one goes among few, and whether that is awaited. */
  let late = 0;
  let patience = leastPatience;
  let isMeasuring = false;
  /** Those who are let in and do not know it yet, in their order. */
  const entering: Entry[] = [];
  /** Takes the bounds as they are now: they may be others than when those who wait came. */
  const look = (): void => {
    const { most, first } = bounds;
    bounds = boundsNow();
    if (bounds.most === most && bounds.first === first) return;
    [places, doubts, late, patience, isMeasuring] = [bounds.first, 0, 0, leastPatience, false];
  };
  const isCareful = (): boolean => bounds.first < bounds.most;
  const admit = (): void => {
    look();
    const left = (): number => Math.floor(isMeasuring ? Math.max(1, places / 3) : places) - inside;
    while (left() > 0 ? queue.next() : left() + bounds.interactiveOnly > 0 && queue.next(["interactive"])) {
      inside += 1;
      const tookLast = inside >= Math.floor(places);
      entering.push({ measures: isMeasuring, tookLast, insideThen: inside, fillingsThen: fillings });
      if (tookLast) fillings += 1;
    }
  };
  const gain = (): void => {
    const share = isCareful() && losses === 0 ? 1 : 1 / Math.floor(places);
    places = Math.min(bounds.most, places + share / 2 ** Math.min(6, Math.max(0, doubts - 1)));
  };
  const lose = (left: number): void => {
    losses += 1;
    [insideAtLoss, refused] = [inside, 0];
    places = Math.max(1, left);
  };
  /** So many were too many: it takes longer each time to find out whether they are no more. */
  const doubt = (): void => {
    doubts += 1;
    doubtedAt = Math.floor(places);
    goodSince = 0;
  };
  const forget = (): void => {
    if (doubts === 0 || Math.floor(places) < doubtedAt) return;
    goodSince += 1;
    if (goodSince < 2 * Math.floor(places)) return;
    doubts -= 1;
    goodSince = 0;
  };
  /** Takes how soon an answer with all places taken begins. */
  const tell = (isSoon: boolean): void => {
    if (isSoon) {
      gain();
      [late, patience] = [0, Math.max(leastPatience, patience / 2)];
    } else if ((late += 1) >= patience * Math.floor(places)) {
      isMeasuring = true;
      [late, patience] = [0, Math.min(2 * patience, mostPatience)];
    }
  };
  return {
    async enter(sending, signal) {
      signal.throwIfAborted();
      // Nobody who comes now passes those who wait, save for a place that is not theirs.
      const turn = queue.wait(sending, signal);
      admit();
      await turn;
      const { measures, tookLast, insideThen, fillingsThen } = entering.shift()!;
      const [lossesThen, begunThen] = [losses, begun - running];
      let isRunning = false;
      /** How many others' answers were under way in its time. */
      const others = (): number => begun - begunThen;
      // Where no place was wanting, one that is not begun may hang by itself: then more must wait than were begun.
      const isCrowded = (): boolean =>
        others() > 0 && others() < (fillings > fillingsThen ? 2 * insideThen : inside - running);
      return {
        begin(isSoon) {
          isRunning = true;
          begun += 1;
          running += 1;
          if (measures) isMeasuring = false;
          else if (isCareful() && tookLast && !isMeasuring) tell(isSoon);
          admit();
        },
        isAmongFew: measures || insideThen === 1,
        get isCrowded() {
          return isCrowded();
        },
        leave(end) {
          const isSilentInLine = end === "silent" && isCrowded();
          if ((end === "overloaded" || end === "refused") && lossesThen === losses) {
            if (end === "refused") doubt();
            lose(places * 0.7);
          }
          if (end === "refused" && lossesThen === losses - 1) {
            refused += 1;
            places = Math.min(places, Math.max(fewAtLeast, insideAtLoss - refused));
          }
          inside -= 1;
          if (isRunning) running -= 1;
          else if (measures) isMeasuring = false;
          if (end === "good") forget();
          if (end === "good" && !isCareful()) gain();
          if (isSilentInLine && lossesThen === losses) {
            doubt();
            lose(Math.max(running, Math.min(places * 0.7, others() / 2)));
          }
          admit();
        },
      };
    },
    get places() {
      look();
      return Math.floor(places);
    },
    get expected() {
      look();
      const isKnown = losses > 0 || late > 0 || patience > leastPatience;
      return isKnown ? Math.floor(places) : bounds.most;
    },
  };
}

/** An answer begins soon that begins within so many milliseconds, or within one and a half times the least there was of the model since one went among few. */
const soonAnyway = 1_000;

/** Holds the requests in flight to the gate of the model's provider. The others wait in a fair line; one that is aborted leaves it. */
export function gated(gateOf: (model: ChatModel) => Gate, { now }: Pick<Timers, "now">): ModelWrapper {
  return (model) => {
    let soonest = Number.POSITIVE_INFINITY;
    return {
      ...model,
      async *stream(request, signal) {
        const place = await gateOf(model).enter(request.sending, signal);
        const enteredAt = now();
        let hasBegun = false;
        let end: Parameters<Place["leave"]>[0] = "other";
        try {
          for await (const part of model.stream(request, signal)) {
            if (!hasBegun && part.type !== "head") {
              hasBegun = true;
              const took = now() - enteredAt;
              soonest = place.isAmongFew ? took : Math.min(soonest, took);
              place.begin(took <= Math.max(soonAnyway, 1.5 * soonest));
            }
            if (part.type === "finish") end = "good";
            yield part;
          }
        } catch (thrown) {
          if (!(thrown instanceof ModelError)) throw thrown;
          if (thrown.code === "model.overloaded") end = "overloaded";
          if (thrown.code === "model.rate-limited") end = "refused";
          if (thrown.code !== "model.timeout" || hasBegun) throw thrown;
          end = "silent";
          throw place.isCrowded ? thrown.with({ crowded: true }) : thrown;
        } finally {
          place.leave(end);
        }
      },
    };
  };
}
