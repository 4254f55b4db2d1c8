import { A, useSearchParams } from "@solidjs/router";
import { createMemo, createResource, For, lazy, Show, Suspense } from "solid-js";
import X from "lucide-solid/icons/x";
import type { CostFigures, CostGrouping, CostReport } from "#server/tables/call-store.ts";
import { api } from "~/api";
import { dollars } from "~/money/dollars";
import { Loaded } from "~/ui/loaded";
import { Page, Section } from "~/ui/page";
import { countText, durationText } from "~/ui/words";
import { everyDay } from "./every-day";
import { costQuestion, daysOf, groupingOf, groupings, periods, within, type CostAddress } from "./cost-question";
import "~/charts/charts.css";
import "~/ui/segments.css";
import "./costs.css";

const ChartPicture = lazy(() =>
  import("~/charts/chart-picture").then(({ ChartPicture }) => ({ default: ChartPicture })),
);

/** What the workspace's calls came to: in all, day by day, and by what one asks. */
export function CostsPage() {
  const [address, setAddress] = useSearchParams<CostAddress & { [name: string]: string }>();
  const asked = createMemo(() => JSON.stringify(address));
  const [report, { refetch }] = createResource(asked, () =>
    api.costs.report.query(costQuestion(address as CostAddress, new Date())),
  );
  const by = () => groupingOf(address as CostAddress);
  const chosen = () => groupings.filter((grouping) => address[grouping.by] !== undefined);
  return (
    <Page
      title="Cost"
      about="What the calls of models came to, as the journal has them. Answers that come from the journal again cost nothing, and are not calls."
      actions={
        <div class="segments" role="group" aria-label="Time">
          <For each={periods}>
            {({ days, word }) => (
              <button
                type="button"
                aria-pressed={daysOf(address as CostAddress) === days}
                onClick={() => setAddress({ days: String(days) })}
              >
                {word}
              </button>
            )}
          </For>
        </div>
      }
    >
      <Show when={chosen().length > 0}>
        <ul class="cost-filters" aria-label="Only calls of">
          <For each={chosen()}>
            {(grouping) => (
              <li>
                <button
                  type="button"
                  class="pill"
                  aria-label={`Not only ${grouping.word.toLowerCase()} ${address[grouping.by]}`}
                  onClick={() => setAddress({ [grouping.by]: null })}
                >
                  {grouping.word.toLowerCase()} <b>{shownName(grouping.by, address[grouping.by]!)}</b> <X />
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Loaded from={report} what="what was spent" again={() => void refetch()}>
        {(now) => (
          <Show when={now().total.calls > 0} fallback={<NoCalls filtered={chosen().length > 0} />}>
            <Totals total={now().total} />
            <Show when={now().days.length > 1}>
              <Section title="Day by day">
                <Days days={now().days} />
              </Section>
            </Show>
            <Section title="Where it went">
              <div class="segments cost-by" role="group" aria-label="Put together by">
                <For each={groupings}>
                  {(grouping) => (
                    <button
                      type="button"
                      aria-pressed={by() === grouping.by}
                      onClick={() => setAddress({ by: grouping.by })}
                    >
                      {grouping.word}
                    </button>
                  )}
                </For>
              </div>
              <Groups report={now()} by={by()} into={(name) => setAddress(within(by(), name))} />
            </Section>
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

function Totals(props: { readonly total: CostFigures }) {
  const tokens = (count: number) => count.toLocaleString("en", { notation: "compact", maximumFractionDigits: 1 });
  return (
    <dl class="cost-totals">
      <div>
        <dt>spent</dt>
        <dd>
          {props.total.unpriced > 0 && props.total.cost === 0 ? "unpriced" : dollars(props.total.cost)}
          <Show when={props.total.unpriced > 0}>
            <small class="cost-unpriced">and {countText(props.total.unpriced, "call")} of unknown price</small>
          </Show>
        </dd>
      </div>
      <div>
        <dt>calls</dt>
        <dd>
          {props.total.calls.toLocaleString("en")}
          <Show when={props.total.failed > 0}>
            <small class="cost-failed">{props.total.failed.toLocaleString("en")} without a good end</small>
          </Show>
        </dd>
      </div>
      <div>
        <dt>tokens in</dt>
        <dd>
          {tokens(props.total.input)}
          <Show when={props.total.cachedInput > 0}>
            <small>{Math.round((100 * props.total.cachedInput) / props.total.input)} % from the provider's cache</small>
          </Show>
        </dd>
      </div>
      <div>
        <dt>tokens out</dt>
        <dd>
          {tokens(props.total.output)}
          <Show when={props.total.reasoning > 0}>
            <small>{Math.round((100 * props.total.reasoning) / props.total.output)} % of them thought</small>
          </Show>
        </dd>
      </div>
      <div>
        <dt>time of a call</dt>
        <dd>
          <Show when={props.total.latency} fallback="–">
            {(latency) => (
              <>
                {durationText(latency().median)}
                <small>95 in 100 under {durationText(latency().p95)}</small>
              </>
            )}
          </Show>
        </dd>
      </div>
    </dl>
  );
}

function Days(props: { readonly days: CostReport["days"] }) {
  /** Where nothing was spent, the calls are drawn. */
  const paid = () => props.days.some(({ cost }) => cost > 0);
  const model = () => {
    const y = paid() ? "US dollars" : "calls";
    const points = everyDay(props.days).map(({ day, cost, calls }) => ({
      x: day,
      values: { [y]: paid() ? Number(cost.toPrecision(3)) : calls },
      errors: {},
    }));
    const [dearest] = props.days.toSorted((left, right) =>
      paid() ? right.cost - left.cost : right.calls - left.calls,
    );
    return {
      type: "bar",
      x: "day",
      y,
      points,
      numeric: false,
      series: [{ key: y, name: y }],
      summary: `${y} day by day: ${countText(props.days.length, "day")}, most on ${dearest!.day} (${paid() ? dollars(dearest!.cost) : countText(dearest!.calls, "call")}).`,
      note: null,
    } as const;
  };
  return (
    <Suspense fallback={<div style={{ height: "200px" }} aria-busy="true" />}>
      <ChartPicture model={model()} height={200} />
    </Suspense>
  );
}

function Groups(props: { readonly report: CostReport; readonly by: CostGrouping; into(name: string): void }) {
  return (
    <>
      <div class="cost-table-box">
        <table class="cost-table">
          <thead>
            <tr>
              <th scope="col">{groupings.find(({ by }) => by === props.by)!.word}</th>
              <th scope="col">Spent</th>
              <th scope="col">Calls</th>
              <th scope="col">Failed</th>
              <th scope="col">Tokens in</th>
              <th scope="col">Tokens out</th>
              <th scope="col">Median</th>
              <th scope="col">95 %</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.report.groups}>
              {(group) => (
                <tr>
                  <th scope="row">
                    <button type="button" class="cost-into" title={group.name} onClick={() => props.into(group.name)}>
                      {shownName(props.by, group.name)}
                    </button>
                    <Show when={props.by === "run" && group.name !== ""}>
                      <A class="cost-open" href={`/runs/${encodeURIComponent(group.name)}`}>
                        open
                      </A>
                    </Show>
                  </th>
                  <td>
                    {group.unpriced > 0 && group.cost === 0 ? "unpriced" : dollars(group.cost)}
                    <Show when={group.unpriced > 0 && group.cost > 0}>
                      <span class="cost-unpriced" title={`${countText(group.unpriced, "call")} of unknown price`}>
                        {" "}
                        + ?
                      </span>
                    </Show>
                  </td>
                  <td>{group.calls.toLocaleString("en")}</td>
                  <td classList={{ "cost-failed": group.failed > 0 }}>{group.failed.toLocaleString("en")}</td>
                  <td>{group.input.toLocaleString("en")}</td>
                  <td>{group.output.toLocaleString("en")}</td>
                  <td>{group.latency === null ? "–" : durationText(group.latency.median)}</td>
                  <td>{group.latency === null ? "–" : durationText(group.latency.p95)}</td>
                </tr>
              )}
            </For>
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

/** A group as people call it. */
function shownName(by: CostGrouping, name: string): string {
  switch (by) {
    case "notebook":
      return name === "" ? "outside notebooks" : name.replace(/^notebooks\//, "");
    case "cell": {
      const space = name.lastIndexOf(" ");
      const notebook = name.slice(0, space).replace(/^notebooks\//, "");
      return notebook === "" ? name.slice(space + 1) : `${name.slice(space + 1)} of ${notebook}`;
    }
    case "run":
      return name === "" ? "no run" : name.slice(0, 8);
    case "outcome":
      return name === "done" ? "good answers" : name;
    case "key": {
      const [provider, number] = name.split(" ");
      return number === undefined ? name : `${provider}, key ${number}`;
    }
    case "day":
    case "model":
    case "provider":
      return name;
  }
}

function NoCalls(props: { readonly filtered: boolean }) {
  return (
    <div class="empty">
      <Show
        when={props.filtered}
        fallback={
          <>
            <h2>No model was called in this time</h2>
            <p>
              Run a prompt of a <A href="/">notebook</A>: each call is kept with its tokens, its price and how long it
              took.
            </p>
          </>
        }
      >
        <h2>No call is of all of these</h2>
        <p>Take one of them away, or look at a longer time.</p>
      </Show>
    </div>
  );
}
