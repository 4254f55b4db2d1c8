import { A, useNavigate } from "@solidjs/router";
import { createMemo, For, lazy, Show, Suspense } from "solid-js";
import type { CostDay } from "#server/tables/call-store.ts";
import { Segments } from "~/ui/segments";
import { callsPath } from "./cost-question";
import { dayMeasures, daysChart, measureOf } from "./days-chart";
import { useCostAddress } from "./use-cost-address";
import "~/charts/charts.css";

const ChartPicture = lazy(() =>
  import("~/charts/chart-picture").then(({ ChartPicture }) => ({ default: ChartPicture })),
);

/** What was spent, called, failed or came free day by day, with tokens and latency; a day opens the calls it is made of, by its bar or its link. */
export function CostDays(props: { readonly days: readonly CostDay[] }) {
  const [address, setAddress] = useCostAddress();
  const navigate = useNavigate();
  const measure = () => measureOf(address().chart, props.days);
  const chart = createMemo(() => daysChart(props.days, measure()));
  const pathOf = (day: string): string => {
    const { kind, order } = measure();
    return callsPath(address(), {
      day,
      ...(kind === null ? {} : { kind }),
      ...(order === undefined ? {} : { order }),
    });
  };
  return (
    <>
      <div class="cost-by">
        <Segments
          label="Drawn"
          choices={dayMeasures}
          isChosen={({ name }) => name === measure().name}
          choose={({ name }) => setAddress({ chart: name })}
        />
      </div>
      <Suspense fallback={<div style={{ height: "200px" }} aria-busy="true" />}>
        <ChartPicture model={chart()} height={200} onPoint={(x) => navigate(pathOf(String(x)))} />
        <nav class="cost-days" aria-label="Days">
          <For each={props.days.map(({ day }) => day)}>{(day) => <A href={pathOf(day)}>{day}</A>}</For>
        </nav>
        <Show when={chart().note}>{(note) => <p class="chart-note">Drawn: {note()}.</p>}</Show>
      </Suspense>
    </>
  );
}
