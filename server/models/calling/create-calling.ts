import type { ChatModel, ModelWrapper } from "../model.ts";
import { remember } from "../remember.ts";
import { announced } from "./announced.ts";
import { broken, limitErrors } from "./broken.ts";
import { createCircuitBreaker, type CircuitBreaker } from "./circuit-breaker.ts";
import { fallenBack } from "./fallen-back.ts";
import { createGate, defaultConcurrency, gated, type GateBounds } from "./gated.ts";
import { rateLimited } from "./rate-limited.ts";
import { createRateLimiter, type RateLimits } from "./rate-limiter.ts";
import { createRetryBudget } from "./retry-budget.ts";
import { retried, usualRetryRules, type RetryRules } from "./retried.ts";
import { rotated } from "./rotated.ts";
import { timeLimitsOf } from "./time-limits.ts";
import { timed, type TimeLimits } from "./timed.ts";
import type { Timers } from "./timers.ts";
import { createTokenGuess } from "./token-guess.ts";

/** Calls in flight at once at first where the server may answer few. */
const fewAtFirst = 2;

export interface CallingSettings {
  readonly timers: Timers;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Calls in flight at once, where the settings of a workspace say; otherwise as the model says. This and all else of them may change. */
  readonly concurrency?: ((model: ChatModel) => number | undefined) | undefined;
  /** Bounds a minute, where the settings say, beside what the provider says. */
  readonly rateLimits?: (model: ChatModel) => RateLimits;
  /** How long a model is waited for: by what is known of it where absent. */
  readonly timeLimits?: (model: ChatModel) => TimeLimits;
  readonly retryRules?: RetryRules;
  /** How often a request is sent at most, where the settings say; otherwise as the rules do. */
  readonly attempts?: (model: ChatModel) => number | undefined;
}

export interface Places {
  readonly now: number;
  readonly expected: number;
}

/** Makes models ready to be called: what waits, repeats and gives up is joined to each, with what all models of a provider share. */
export interface Calling {
  /** The model with all of it, the same for the same model; answered by `others` where its provider is down. */
  reach(model: ChatModel, others?: readonly ChatModel[]): ChatModel;
  /** How many calls of a model may be in flight at once now, and how many are expected to. */
  places(model: ChatModel): Places;
}

export function createCalling(settings: CallingSettings): Calling {
  const { timers, random, concurrency, rateLimits = () => ({}), timeLimits = timeLimitsOf, attempts } = settings;
  const reached = new WeakMap<ChatModel, ChatModel>();
  const boundsOf = (model: ChatModel): GateBounds => {
    const said = concurrency?.(model) ?? model.concurrency;
    const most = said ?? defaultConcurrency;
    const first = said === undefined && isOwnServer(model) ? fewAtFirst : most;
    return { most, interactiveOnly: model.interactiveConcurrency ?? 0, first };
  };
  const gateOf = perName(providerOf, (model) => createGate(() => boundsOf(model)));
  const budgetOf = perName(providerOf, () => createRetryBudget());
  const pass = gated(gateOf, timers);
  const repeat = retried({ timers, random, budgetOf, rules: settings.retryRules ?? usualRetryRules, attempts });

  /** What one key of a provider is held to. */
  const withKey = (): ModelWrapper => {
    const breaker = (): CircuitBreaker => createCircuitBreaker(timers);
    const whileUp = broken(perName(providerOf, breaker), timers);
    const whileAllowed = broken(perName(modelOf, breaker), timers, limitErrors);
    const paceOf = perName(modelOf, (model) => ({
      limiter: createRateLimiter(timers, random, () => rateLimits(model)),
      guess: createTokenGuess(),
    }));
    const withinBounds = rateLimited(paceOf, timers);
    return (model) => whileAllowed(whileUp(withinBounds(pass(announced(timed(timers, timeLimits)(model))))));
  };
  /** By the keys' hashes: what one was told says nothing of another that is entered in its place. */
  const byKey = new Map<string, ModelWrapper>();

  const reachOne = (model: ChatModel): ChatModel => {
    const known = reached.get(model);
    if (known !== undefined) return known;
    const keys = (model.keys ?? [model]).map((keyed, place) =>
      remember(byKey, keyed.keyHash ?? `${place}`, withKey)(keyed),
    );
    // A model of this machine answers or does not; neither a wait nor another attempt would change it.
    const whole = isRemote(model) ? repeat(rotated(keys, timers)) : pass(announced(model));
    reached.set(model, whole);
    return whole;
  };

  return {
    reach: (model, others = []) => fallenBack(reachOne(model), others.map(reachOne), timers),
    places(model) {
      const { places, expected } = gateOf(model);
      return { now: places, expected };
    },
  };
}

/** Whether a model is behind an address. */
function isRemote({ identity }: ChatModel): boolean {
  return identity["baseUrl"] !== undefined;
}

/** Whether a model is at a server that somebody runs for themselves, which may answer few at once: it needs no key and is not encrypted. */
function isOwnServer({ identity, keyHash }: ChatModel): boolean {
  return keyHash === undefined && identity["baseUrl"]?.startsWith("http:") === true;
}

function providerOf({ name, identity }: ChatModel): string {
  return `${name.slice(0, name.indexOf("/"))} ${identity["baseUrl"] ?? ""}`;
}

function modelOf({ name, identity }: ChatModel): string {
  return `${name} ${identity["baseUrl"] ?? ""}`;
}

function perName<Value>(
  nameOf: (model: ChatModel) => string,
  make: (model: ChatModel) => Value,
): (model: ChatModel) => Value {
  const made = new Map<string, Value>();
  return (model) => remember(made, nameOf(model), () => make(model));
}
