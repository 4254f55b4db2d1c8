import { addressText, type Address } from "#server/notebook/address.ts";
import { amountText, exactAmount } from "#server/notebook/amount-text.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import { failedCall } from "#server/notebook/failed-call.ts";
import { sharedTasks } from "#server/process/shared-tasks.ts";
import type { CallFacts, ChatAnswer, ChatCall, Moment, NearestCall, Services } from "#server/notebook/services.ts";
import type { EmbeddingContext } from "#server/models/embedding-caller.ts";
import { embeddingKey } from "#server/models/embedding-key.ts";
import type { ModelFileProgress } from "#server/models/files/model-file.ts";
import { placeOf } from "#server/models/call-history.ts";
import { expectedCost } from "#server/models/expected-cost.ts";
import type { CallsEstimate } from "#server/models/estimate.ts";
import { requestLength } from "#server/models/request-length.ts";
import { HeldBack } from "#server/models/held-back.ts";
import { WaitingError } from "#server/models/waiting-error.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { chosenAnswer } from "./alternatives.ts";
import { cancelledError, type CancelTarget } from "./cancel-target.ts";
import { createEmbeddingFacts, embeddedBefore, type Asker } from "./embedding-facts.ts";
import { createAddressStops } from "./address-stops.ts";
import type { CellGrant } from "./cell-grants.ts";
import { estimatedWords } from "./estimated-words.ts";
import { noMoneyWords } from "./no-money-words.ts";
import { createRunCalls, publicAddress, type RunCallsSettings } from "./run-calls.ts";
import { createRunMoney, type Money } from "./run-money.ts";
import { momentAt } from "./run-moment.ts";
import { createPreparations } from "./preparations.ts";
import type { Preparation, RunNews } from "./run-event.ts";
import type { Runtime } from "./runtime.ts";
import { nameOf } from "./session-grants.ts";
import { createSpendingGate, type GateCall, type SpendingGate } from "./spending-gate.ts";

export interface RunServices {
  readonly services: Services;
  /** The calls of a result, with what was embedded for it; it is told once. */
  withEmbeddings(address: Address, calls: readonly CallFacts[]): readonly CallFacts[];
  money(): Money;
  /** Tells what has been spent up to now. */
  tell(): void;
  budgetReached(): boolean;
  /** Has further calls ask again before the run spends more than was confirmed. */
  confirmBeyond(limit: number, ask: () => Promise<boolean>): void;
  /** Stops the calls for a target, those in flight and those to come. */
  cancel(target: CancelTarget): void;
  /** Sends what was gathered for batches. */
  submit(signal: AbortSignal): Promise<void>;
  /** Resolves when no call is out any more, and counts what was stopped on its way: its provider may have charged for it. */
  settle(): Promise<void>;
  sawWaiting(on: WaitingOn): void;
  waitingSeen(): readonly WaitingOn[];
}

export interface RunServicesSettings extends RunCallsSettings {
  readonly moment: Moment;
  /** Whether nobody asked for the run, and the grant on which a node's calls go out all the same. */
  readonly automatic: boolean;
  readonly grantOf: (node: Node) => CellGrant | null;
  readonly emit: (news: RunNews) => void;
}

/** The services of one run: what it spends is counted, and no call goes out beyond its budget. */
export function createRunServices(runtime: Runtime, run: RunServicesSettings): RunServices {
  const money = createRunMoney(run.emit);
  const gate = createSpendingGate(run.budget);
  const calls = createRunCalls(runtime, { ...run, spent: () => gate.spent().cost }, money);
  const waiting: WaitingOn[] = [];
  const stops = createAddressStops();
  const embedded = sharedTasks<Embedded, never>();
  const facts = createEmbeddingFacts();
  const preparations = createPreparations(run.emit);
  let limited = run.budget !== null;
  let reached = false;

  function send(call: ChatCall, onSend?: () => void): Promise<ChatAnswer> {
    const onFile = (file: ModelFileProgress | null): void => preparations.tell(call.address.cell, fetched(file));
    return stopping(
      stops.until([call.address], call.signal ?? run.signal, (signal) =>
        calls.send({ ...call, signal }, onFile, onSend),
      ),
    );
  }

  /** A budget that holds for all runs stops this one as its own does. */
  async function stopping<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (thrown) {
      if (thrown instanceof WaitingError && thrown.on.reason === "budget") reached = true;
      throw thrown;
    }
  }

  /** Sends what costs something only while there is money for it. */
  async function sendWithin(call: ChatCall): Promise<ChatAnswer> {
    if (!isPaid(call) || (await calls.isAnswered(call))) return send(call);
    return withinBudget(gateCall(call), run.signal, (onSend) => send(call, onSend), costOfAnswer);
  }

  /** Sends something once the run has money for it, and books what it came to. */
  function withinBudget<Answer>(
    asked: GateCall,
    signal: AbortSignal,
    send: (onSend: () => void) => Promise<Answer>,
    costOf: (answer: Answer) => number | null,
  ): Promise<Answer> {
    return untilSent(async () => {
      const state = await gate.enter(signal, asked);
      if (state !== "open") throw waitForMoney(state === "budget" ? ofRun(asked) : beyondConfirmed(gate.spent()));
      return paidFor(send, costOf, {
        mayLeave: () => gate.mayLeave(asked),
        pay: (cost, isAnswer) => gate.leave(asked, cost, isAnswer),
      });
    });
  }

  /** Sends what nobody asked for: what the journal answers, and else as long as its cell has a grant with money left. */
  async function sendUnasked(call: ChatCall): Promise<ChatAnswer> {
    if (await calls.isAnswered(call)) return send(call);
    const node = run.state.graph.nodes.get(call.address.cell)!;
    const grant = run.grantOf(node);
    if (grant === null) throw waitForMoney(grantWait(node, "it has no grant"));
    if (!isPaid(call)) return send(call);
    const granted = `its grant of ${exactAmount(grant.budget)}`;
    const estimate = await estimateOf(call);
    const { cost: expected } = expectedCost(estimate);
    if (expected === null) throw waitForMoney(grantWait(node, `${granted} cannot bound what ${call.model} costs`));
    const { cost } = estimate;
    const asked = { ...gateCall(call), first: cost.likely };
    return untilSent(async () => {
      const state = await grant.gate.enter(call.signal ?? run.signal, asked);
      if (state !== "open") {
        const { budget: amount, gate } = grant;
        const short = { name: "its grant", amount, spent: grant.spent(), estimated: 0, next: gate.next(asked) };
        throw waitForMoney(grantWait(node, noMoneyWords(short)));
      }
      if (run.grantOf(node) === grant)
        return paidFor((onSend) => send(call, onSend), costOfAnswer, {
          mayLeave: () => grant.gate.mayLeave(asked),
          pay: (cost, isAnswer) => grant.book(asked, cost ?? expected, isAnswer && cost !== null),
        });
      await grant.book(asked, 0, false);
      throw waitForMoney(grantWait(node, `${granted} was taken back or replaced`));
    });
  }

  /** Sends one request of an embedding model, which no grant bounds. */
  async function embedWithin(
    model: string,
    request: (onSend?: () => void) => Promise<CallFacts>,
    signal: AbortSignal,
    expect: () => Promise<number | null>,
  ): Promise<CallFacts> {
    const isPaid = runtime.models.embeddingModel(model).effect === "paid";
    if (isPaid && run.automatic) throw waitForMoney(embeddingWait(model));
    if (!isPaid || !limited) return stopping(calls.follow(request, signal));
    return withinBudget(
      { model, expect },
      signal,
      (onSend) => stopping(calls.follow(() => request(onSend), signal)),
      ({ cost }) => cost,
    );
  }

  function ofRun(call: GateCall): WaitingOn {
    const [amount, { cost: spent, estimated }] = [run.budget!, gate.spent()];
    const words = noMoneyWords({ name: "the run's budget", amount, spent, estimated, next: gate.next(call) });
    return { reason: "budget", subject: exactAmount(amount), message: `${words}; ${kept}` };
  }

  /** Whether it may cost something, by its model or by one that takes over. */
  function isPaid({ model, fallbacks = [] }: ChatCall): boolean {
    return [model, ...fallbacks].some((name) => runtime.models.chatModel(name).effect === "paid");
  }

  /** What a call comes to if it is sent: its own answer may be in the journal, too old for it or by then. */
  function estimateOf(call: ChatCall): Promise<CallsEstimate> {
    const place = placeOf(run.state.path, publicAddress(call.address));
    return runtime.caller.estimate([{ ...call, place }], { anew: true });
  }

  /** A call as a gate knows it: those of one cell and labels are alike but for their lengths. */
  function gateCall(call: ChatCall): GateCall {
    const { cell, variant } = placeOf(run.state.path, publicAddress(call.address));
    return {
      ...{ model: call.model, place: `${cell}{${variant}}`, size: Math.max(1, requestLength(call)) },
      expect: async () => expectedCost(await estimateOf(call)).cost,
    };
  }

  function waitForMoney(on: WaitingOn): WaitingError {
    reached = true;
    return new WaitingError(on);
  }

  function momentOf({ address }: { readonly address?: Address }): Moment {
    return address === undefined ? run.moment : momentAt(run.moment, publicAddress(address));
  }

  /** Tells those who search what embedding their queries came to: what is of this machine is no call. */
  function toldTo(asked: readonly Address[], search: NearestCall): Pick<EmbeddingContext, "onCall"> {
    const { mode, queries, model: name } = search;
    if (mode === "keyword") return {};
    const model = runtime.models.embeddingModel(name);
    if (model.identity["baseUrl"] === undefined) return {};
    const askers = asked.flatMap((address, index): Asker[] => {
      const text = queries[index];
      return text === undefined ? [] : [{ address, text, key: embeddingKey(model, [text]) }];
    });
    return {
      onCall(texts, made) {
        if (made !== null) return facts.addTo(askers, texts, made);
        const there = new Set(texts);
        for (const { address, text, key } of askers)
          if (there.has(text)) facts.add(address, embeddedBefore({ key, model: name }));
      },
    };
  }

  /** The labels of an address without its row. */
  function withoutRow({ cell, at }: Address): Address["at"] {
    const { [run.state.graph.nodes.get(cell)?.sheet ?? ""]: _, ...labels } = at;
    return labels;
  }

  const embedding: EmbeddingContext = { notebook: run.state.path, run: run.run, within: embedWithin };
  const services: Services = {
    ...runtime.services,
    async nearest(call) {
      const node = call.address?.cell;
      if (node === undefined) return runtime.retrieval.nearest(call, embedding);
      const priority = calls.priorityOf(call.address);
      const onIndex = (done: number, total: number): void =>
        preparations.tell(node, { what: "indexing", subject: call.text, done, total });
      try {
        const address = publicAddress(call.address!);
        const asked = [call.address!, ...(call.others ?? [])];
        const told = { ...embedding, ...toldTo(asked, call) };
        const indexFor = { ...address, at: withoutRow(call.address!) };
        return await stops.until(asked, call.signal ?? run.signal, (signal) =>
          runtime.retrieval.nearest({ ...call, address, indexFor, priority, onIndex, signal }, told),
        );
      } finally {
        preparations.tell(node, null);
      }
    },
    async embed(call) {
      const { address, model, texts } = call;
      const priority = calls.priorityOf(address);
      if (address === undefined) return (await runtime.embeddings.embed({ ...call, priority }, embedding)).vectors;
      const embed = async (signal: AbortSignal): Promise<Embedded> => {
        const calls: CallFacts[] = [];
        const onCall: EmbeddingContext["onCall"] = (_, made) => void (made !== null && calls.push(made));
        const asked = { ...call, address: publicAddress(address), priority, signal };
        const [ended] = await Promise.allSettled([runtime.embeddings.embed(asked, { ...embedding, onCall })]);
        return { ended, calls, isTold: false };
      };
      const made = await stops.until([address], call.signal ?? run.signal, (own) =>
        embedded.run(JSON.stringify([model, texts]), embed, own),
      );
      for (const one of made.calls) facts.add(address, made.isTold ? embeddedBefore(one) : one);
      made.isTold = true;
      if (made.ended.status === "rejected") throw made.ended.reason;
      return made.ended.value.vectors;
    },
    query: (call) => runtime.services.query({ ...call, moment: momentOf(call) }),
    javascript: (call) => runtime.services.javascript({ ...call, moment: momentOf(call) }),
    async chat(call) {
      if (stops.isCancelled(call.address)) throw cancelledError(call.address);
      const isAnew = run.again || run.anew.has(addressText(call.address));
      const chosen = isAnew ? null : await chosenAnswer(call, run.state, runtime);
      if (chosen !== null) {
        money.count(chosen.call);
        return chosen;
      }
      if (run.automatic) return sendUnasked(call);
      return limited ? sendWithin(call) : send(call);
    },
  };
  return {
    services,
    withEmbeddings: facts.takeWith,
    tell: money.tell,
    money: () => money.now,
    confirmBeyond(limit, ask) {
      limited = true;
      gate.confirmBeyond(limit, ask);
    },
    cancel: stops.cancel,
    submit: calls.submit,
    settle: calls.settle,
    budgetReached: () => reached,
    sawWaiting: (on) => void waiting.push(on),
    waitingSeen: () => waiting,
  };
}

/** What asking for vectors came to, and whether one of those who asked has been told. */
interface Embedded {
  readonly ended: PromiseSettledResult<{ readonly vectors: readonly Float32Array[] }>;
  readonly calls: readonly CallFacts[];
  isTold: boolean;
}

/** What lets a call go out, and is told what it cost, US dollars, null where that is not known, as of what was stopped on its way. */
interface Cashier {
  mayLeave(): boolean;
  pay(cost: number | null, isAnswer: boolean): void | Promise<void>;
}

/** Sends again what was held back when it had its turn. */
async function untilSent<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  for (;;)
    try {
      return await send();
    } catch (thrown) {
      if (!(thrown instanceof HeldBack)) throw thrown;
    }
}

/** Waits for an answer that is paid for. Rejects with a `HeldBack` where it may not leave. */
async function paidFor<Answer>(
  send: (onSend: () => void) => Promise<Answer>,
  costOf: (answer: Answer) => number | null,
  { mayLeave, pay }: Cashier,
): Promise<Answer> {
  let cost: number | null = 0;
  let isAnswer = false;
  let isSent = false;
  try {
    const answer = await send(() => {
      if (!mayLeave()) throw new HeldBack();
      isSent = true;
    });
    cost = costOf(answer);
    isAnswer = true;
    return answer;
  } catch (thrown) {
    const failed = failedCall(thrown);
    if (failed !== null) cost = failed.cached ? 0 : failed.cost;
    else if (isSent) cost = null;
    throw thrown;
  } finally {
    await pay(cost, isAnswer);
  }
}

function costOfAnswer({ call }: ChatAnswer): number | null {
  return call.cached ? 0 : call.cost;
}

function fetched(file: ModelFileProgress | null): Preparation | null {
  if (file === null) return null;
  const { name: subject, phase, bytes: done, total } = file;
  return { what: preparing[phase], subject, done, total };
}

const preparing = { downloading: "fetching", unpacking: "unpacking", verifying: "checking" } as const;

const kept = "what was paid for is kept";

function beyondConfirmed({ cost, estimated }: ReturnType<SpendingGate["spent"]>): WaitingOn {
  const spent = `${estimated === 0 ? "" : "about "}${amountText(cost)}${estimatedWords(estimated)}`;
  const message = `the run has spent ${spent} and would go beyond what was confirmed; ${kept}`;
  return { reason: "budget", subject: amountText(cost), message };
}

function embeddingWait(model: string): WaitingOn {
  const message = `embeddings by ${model} are paid for, and go out when somebody runs the cell`;
  return { reason: "budget", subject: model, message };
}

function grantWait(node: Node, why: string): WaitingOn {
  const name = nameOf(node);
  const message = `\`${name}\` does not run by itself any more: ${why}; ${kept}`;
  return { reason: "budget", subject: `grant of ${name}`, message };
}
