import { A } from "@solidjs/router";
import { createMemo, createResource, For, Show } from "solid-js";
import type { CallsPage as CallsList, FreeGroup, ListedCall } from "#server/tables/call-store.ts";
import { api } from "~/api";
import { dollars } from "~/money/dollars";
import { RunState } from "~/runs/run-state";
import { Loaded } from "~/ui/loaded";
import { Page } from "~/ui/page";
import { Segments } from "~/ui/segments";
import { durationText } from "~/ui/words";
import { keyWords } from "~/values/key-words";
import { moment } from "~/values/moment";
import { callOutcome } from "./call-outcome";
import { CostFilters, PeriodChoice } from "./cost-filters";
import {
  callsQuestion,
  groupingsAsked,
  kindOf,
  listKinds,
  listOrders,
  orderOf,
  placeText,
  sameCalls,
} from "./cost-question";
import { NoCalls } from "./no-calls";
import { inNotebook } from "./in-notebook";
import { useCostAddress } from "./use-cost-address";
import "./costs.css";

/** What is listed: one of them, and null for the other. */
interface Listed {
  readonly calls: CallsList | null;
  readonly free: readonly FreeGroup[] | null;
}

/** The calls behind a figure, newest first, or as one asks. */
export function CallsPage() {
  const [address, setAddress] = useCostAddress();
  const asked = createMemo(() => JSON.stringify(address()));
  const [listed, { refetch }] = createResource(asked, async (): Promise<Listed> => {
    const { free, ...question } = callsQuestion(address(), new Date());
    if (free) return { calls: null, free: await api.costs.free.query(question) };
    return { calls: await api.costs.calls.query(question as never), free: null };
  });
  const isFiltered = () => kindOf(address()) !== "all" || groupingsAsked(address()).length > 0;
  const backTo = () => `/costs?${new URLSearchParams(sameCalls(address())).toString()}`;
  return (
    <Page title="Calls" about={<A href={backTo()}>What they came to</A>} actions={<PeriodChoice />}>
      <CostFilters />
      <div class="calls-choices">
        <Segments
          label="Which"
          choices={listKinds}
          isChosen={({ kind }) => kind === kindOf(address())}
          choose={({ kind }) => setAddress({ kind: kind === "all" ? null : kind, after: null })}
        />
        <Show when={kindOf(address()) !== "free"}>
          <Segments
            label="First"
            choices={listOrders}
            isChosen={({ order }) => order === orderOf(address())}
            choose={({ order }) => setAddress({ order: order === "newest" ? null : order, after: null })}
          />
        </Show>
      </div>
      <Loaded from={listed} of={asked()} what="the calls" again={() => void refetch()}>
        {(now) => (
          <>
            <Show when={now().calls}>
              {(page) => (
                <Show
                  when={page().calls.length > 0}
                  fallback={<NoCalls filtered={isFiltered() || address().after !== undefined} />}
                >
                  <CallsTable calls={page().calls} />
                  <Show when={page().next !== null || address().after !== undefined}>
                    <nav class="calls-pager" aria-label="Pages of calls">
                      <button
                        type="button"
                        class="button"
                        disabled={address().after === undefined}
                        onClick={() => setAddress({ after: null })}
                      >
                        First
                      </button>
                      <button
                        type="button"
                        class="button"
                        disabled={page().next === null}
                        onClick={() => {
                          setAddress({ after: placeText(page().next!) });
                          document.querySelector("main")?.scrollTo({ top: 0 });
                        }}
                      >
                        Next
                      </button>
                    </nav>
                  </Show>
                </Show>
              )}
            </Show>
            <Show when={now().free}>
              {(groups) => (
                <Show when={groups().length > 0} fallback={<NothingFree />}>
                  <FreeTable groups={groups()} />
                </Show>
              )}
            </Show>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function CallsTable(props: { readonly calls: readonly ListedCall[] }) {
  return (
    <div class="cost-table-box" tabindex="0" role="region" aria-label="Calls">
      <table class="cost-table calls-table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Model</th>
            <th scope="col">For</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="number">
              Tokens
            </th>
            <th scope="col" class="number">
              Cost
            </th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              Attempts
            </th>
            <th scope="col" class="number">
              Key
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.calls}>
            {(call) => (
              <tr>
                <th scope="row">
                  <A href={`/costs/calls/${call.id}`} title={new Date(call.sentAt).toLocaleString("en-GB")}>
                    {moment(call.sentAt)}
                  </A>
                </th>
                <td>{call.model}</td>
                <td class="calls-for" title={`${call.notebook} · ${call.address}`}>
                  {inNotebook(call.notebook)}
                  {call.address}
                </td>
                <td>
                  <RunState state={callOutcome(call)} />
                </td>
                <td class="number">
                  {count(call.input)} <span aria-hidden="true">→</span>
                  <span class="visually-hidden"> in, out </span> {count(call.output)}
                </td>
                <td class="number">
                  <Show when={call.cost === null} fallback={dollars(call.cost)}>
                    <span class="cost-unpriced">{call.state === null ? "unknown" : "unpriced"}</span>
                  </Show>
                </td>
                <td class="number">{call.endedAt === null ? "–" : durationText(call.endedAt - call.sentAt)}</td>
                <td class="number">{call.attempts + 1}</td>
                <td class="number">{keyWords(call) ?? "–"}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function FreeTable(props: { readonly groups: readonly FreeGroup[] }) {
  return (
    <>
      <div class="cost-table-box" tabindex="0" role="region" aria-label="Answers that came free">
        <table class="cost-table calls-table">
          <thead>
            <tr>
              <th scope="col">Last</th>
              <th scope="col">Model</th>
              <th scope="col">For</th>
              <th scope="col">Run</th>
              <th scope="col" class="number">
                Answers
              </th>
              <th scope="col" class="number">
                Saved
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.groups}>
              {(group) => (
                <tr>
                  <th scope="row">{moment(group.at)}</th>
                  <td>{group.model}</td>
                  <td class="calls-for">
                    {inNotebook(group.notebook)}
                    {group.cell}
                  </td>
                  <td>
                    <Show when={group.run} fallback="–">
                      {(run) => <A href={`/runs/${encodeURIComponent(run())}`}>{run().slice(0, 8)}</A>}
                    </Show>
                  </td>
                  <td class="number">{group.answers.toLocaleString("en")}</td>
                  <td class="number">
                    {group.cost === 0 && group.unpriced > 0 ? "unpriced" : dollars(group.cost)}
                    {group.cost > 0 && group.unpriced > 0 ? " + ?" : ""}
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <p class="dim calls-note">
        Answers that the journal had, or an equal call in flight: nothing was sent for them. They are counted by run,
        cell and model, once a second. The newest 500 such counts.
      </p>
    </>
  );
}

function NothingFree() {
  return (
    <div class="empty">
      <h2>No answer came free</h2>
      <p>The same call again, with the same model, messages and parameters, is answered from the journal.</p>
    </div>
  );
}

function count(tokens: number | null): string {
  return tokens === null ? "?" : tokens.toLocaleString("en");
}
