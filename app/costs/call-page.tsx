import { A } from "@solidjs/router";
import { createResource, For, Show, type JSX } from "solid-js";
import type { CallDetail, EmbeddedSize, JournaledCall } from "#server/runner/call-detail.ts";
import type { CallRecord } from "#server/runner/call-record.ts";
import { api } from "~/api";
import { CallCost } from "~/inspector/call-cost";
import { callFacts } from "~/inspector/call-facts";
import { FactList } from "~/inspector/fact-list";
import { FoldedJson } from "~/inspector/folded-json";
import { sentMessages } from "~/inspector/sent-messages";
import { notebookAddress, notebookFile } from "~/notebook/notebook-address";
import { RunState } from "~/runs/run-state";
import { SentImages } from "~/values/sent-images";
import { Loaded } from "~/ui/loaded";
import { Page, Section } from "~/ui/page";
import { ProblemBox } from "~/ui/problem-box";
import { countText, momentText } from "~/ui/words";
import { callOutcome } from "./call-outcome";
import "~/inspector/inspector-panel.css";
import "./call-page.css";

/** One call, whole: what was sent, what came, how it was sent and what it cost. */
export function CallPage(props: { readonly id: number }) {
  const [record, { refetch }] = createResource(
    () => props.id,
    (id) => api.costs.get.query({ id }) as Promise<CallRecord>,
  );
  return (
    <Page title={`Call ${props.id}`} about={<A href="/costs/calls">All calls</A>}>
      <Loaded from={record} of={props.id} what="the call" again={() => void refetch()}>
        {(now) => <Call record={now()} />}
      </Loaded>
    </Page>
  );
}

function Call(props: { readonly record: CallRecord }) {
  const call = (): CallDetail => props.record.call;
  const journal = () => call().journal!;
  const hasEnded = () => journal().state !== null;
  /** Of each call something was sent: where that is gone, retention has removed the bodies. */
  const isRemoved = () => journal().request === null && journal().text === null;
  return (
    <>
      <dl class="facts call-where">
        <dt>for</dt>
        <dd>
          <Show when={props.record.notebook} fallback={journal().address}>
            {(notebook) => (
              <A href={`${notebookAddress(notebook())}?at=${encodeURIComponent(journal().address)}`}>
                {journal().address} of {notebookFile(notebook())}
              </A>
            )}
          </Show>
        </dd>
        <Show when={journal().run}>
          {(run) => (
            <>
              <dt>run</dt>
              <dd>
                <Show
                  when={journal().imported}
                  fallback={<A href={`/runs/${encodeURIComponent(run())}`}>{run().slice(0, 8)}</A>}
                >
                  of another workspace, from which its answer was imported
                </Show>
              </dd>
            </>
          )}
        </Show>
        <dt>sent</dt>
        <dd>{momentText(journal().sentAt)}</dd>
        <dt>outcome</dt>
        <dd>
          <RunState state={callOutcome({ state: journal().state, error: journal().error?.code ?? null })} />
          <Show when={!hasEnded()}>
            <p class="dim">
              {props.record.underWay
                ? "It is under way."
                : "Its process ended before it did: what came of it, and what it cost, is known to the provider alone."}
            </p>
          </Show>
        </dd>
      </dl>
      <Show when={journal().error}>{(error) => <ProblemBox error={error()} />}</Show>
      <Show when={isRemoved()}>
        <p class="call-removed" role="note">
          What was sent and answered was removed by retention. What it came to is kept.
        </p>
      </Show>
      <Show when={journal().request}>
        {(request) => (
          <Section title="Sent">
            <Show when={request().embedding}>{(size) => <p>{embeddingWords(size())}</p>}</Show>
            <For each={sentMessages(request())}>
              {({ role, content }, index) => (
                <>
                  <Show when={index() === request().imageMessage}>
                    <SentImages images={request().images} />
                  </Show>
                  <CallText label={role}>{content}</CallText>
                </>
              )}
            </For>
            <Show when={request().schema}>
              {(schema) => <FoldedJson title="schema of the answer" value={schema()} />}
            </Show>
          </Section>
        )}
      </Show>
      <Show when={!isRemoved() && hasEnded()}>
        <Section title="Answered">
          <Show when={journal().reasoning}>{(text) => <CallText label="reasoning">{text()}</CallText>}</Show>
          <Show when={journal().text} fallback={<p class="dim">{emptyWords(journal())}</p>}>
            {(text) => <CallText label="answer">{text()}</CallText>}
          </Show>
          <Show when={journal().response !== null}>
            <FoldedJson title="raw response" value={journal().response} />
          </Show>
        </Section>
      </Show>
      <Section title="How it went">
        <FactList facts={factsOf(call())} />
      </Section>
      <Show when={hasEnded()}>
        <Section title="What it cost">
          <CallCost call={call()} />
        </Section>
      </Show>
    </>
  );
}

/** What was sent in place of messages: the texts are not in the journal. */
function embeddingWords({ texts, characters }: EmbeddedSize): string {
  return `Embedding of ${countText(texts, "text")}, ${countText(characters, "character")}.`;
}

/** What stands for an answer without text. */
function emptyWords({ request, state }: JournaledCall): string {
  if (request?.embedding == null || state !== "done") return "No text came.";
  return `${countText(request.embedding.texts, "vector")}, which the journal does not keep.`;
}

/** The facts that do not stand above already; of a call without an end nobody knows how long it took. */
function factsOf(call: CallDetail): ReturnType<typeof callFacts> {
  const above = new Set(["sent", "run", ...(call.journal!.state === null ? ["latency", "tokens"] : [])]);
  return callFacts(call, Date.now()).filter(({ term }) => !above.has(term));
}

function CallText(props: { readonly label: string; readonly children: JSX.Element }) {
  return (
    <div class="call-text" role="group" aria-label={props.label}>
      <h3>{props.label}</h3>
      <pre tabindex="0">{props.children}</pre>
    </div>
  );
}
