import { A } from "@solidjs/router";
import { For, Show, type JSX } from "solid-js";
import type { CostFigures, CostGroup, CostGrouping, CostReport } from "#server/tables/call-store.ts";
import { countText, durationText } from "~/ui/words";
import { callsPath, groupings, type CostAddress } from "./cost-question";
import { shownName } from "./shown-name";
import { spentText } from "./spent-text";

interface CostGroupsProps {
  readonly report: CostReport;
  readonly by: CostGrouping;
  readonly address: CostAddress;
  into(name: string): void;
}

/** What calls came to by what they are put together by; each figure opens the calls it is made of. */
export function CostGroups(props: CostGroupsProps) {
  const word = () => groupings.find(({ by }) => by === props.by)!.word;
  return (
    <>
      <div class="cost-table-box" tabindex="0" role="region" aria-label={`Where it went, by ${word().toLowerCase()}`}>
        <table class="cost-table">
          <thead>
            <tr>
              <th scope="col">{word()}</th>
              <th scope="col">Spent</th>
              <th scope="col">Calls</th>
              <th scope="col">Failed</th>
              <th scope="col">Tokens in</th>
              <th scope="col">Tokens out</th>
              <th scope="col">Median</th>
              <th scope="col">95 %</th>
              <th scope="col">99 %</th>
              <th scope="col">Came free</th>
              <th scope="col">Saved</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.report.groups}>{(group) => <Group {...props} group={group} />}</For>
          </tbody>
        </table>
      </div>
      <Show when={props.report.groupCount > props.report.groups.length}>
        <p class="dim">
          The {props.report.groups.length.toLocaleString("en")} dearest of{" "}
          {props.report.groupCount.toLocaleString("en")}.
        </p>
      </Show>
    </>
  );
}

function Group(props: CostGroupsProps & { readonly group: CostGroup }) {
  const path = (figure: Parameters<typeof callsPath>[1]) =>
    callsPath(props.address, { ...figure, [props.by]: props.group.name });
  const slowest = () => path({ order: "slowest" });
  const latency = (of: keyof NonNullable<CostFigures["latency"]>) =>
    props.group.latency === null ? null : durationText(props.group.latency[of]);
  const count = (of: number) => (of === 0 ? null : of.toLocaleString("en"));
  const free = () => props.group.free;
  return (
    <tr>
      <th scope="row">
        <button type="button" class="cost-into" title={props.group.name} onClick={() => props.into(props.group.name)}>
          {shownName(props.by, props.group.name, props.group.keyNumber)}
        </button>
        <Show when={props.by === "run" && props.group.name !== ""}>
          <A class="cost-open" href={`/runs/${encodeURIComponent(props.group.name)}`}>
            open
          </A>
        </Show>
      </th>
      <Figure href={path({ order: "dearest" })} text={props.group.calls === 0 ? null : spentText(props.group)}>
        <Unpriced of={props.group} noun="call" href={path({ kind: "unpriced" })} />
      </Figure>
      <Figure href={path({})} text={count(props.group.calls)} />
      <Figure href={path({ kind: "failed" })} text={count(props.group.failed)} failed />
      <Figure href={path({})} text={count(props.group.input)} />
      <Figure href={path({})} text={count(props.group.output)} />
      <Figure href={slowest()} text={latency("median")} />
      <Figure href={slowest()} text={latency("p95")} />
      <Figure href={slowest()} text={latency("p99")} />
      <Figure href={path({ kind: "free" })} text={count(free().answers)} />
      <Figure href={path({ kind: "free" })} text={free().answers === 0 ? null : spentText(free())}>
        <Unpriced of={free()} noun="answer" href={path({ kind: "free" })} />
      </Figure>
    </tr>
  );
}

/** The sign beside a sum that not all is in it. */
function Unpriced(props: {
  readonly of: Pick<CostFigures, "cost" | "unpriced">;
  readonly noun: string;
  readonly href: string;
}) {
  return (
    <Show when={props.of.unpriced > 0 && props.of.cost > 0}>
      <A class="cost-unpriced" href={props.href} title={`${countText(props.of.unpriced, props.noun)} of unknown price`}>
        + ?
      </A>
    </Show>
  );
}

/** A figure that opens what it is made of; nothing is made of nothing. */
function Figure(props: {
  readonly href: string;
  readonly text: string | null;
  readonly failed?: true;
  readonly children?: JSX.Element;
}) {
  return (
    <td>
      <Show when={props.text} fallback={<span class="cost-none">–</span>}>
        {(text) => (
          <A class="cost-figure" classList={{ "cost-failed": props.failed === true }} href={props.href}>
            {text()}
          </A>
        )}
      </Show>{" "}
      {props.children}
    </td>
  );
}
