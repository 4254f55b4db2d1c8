import { A, useNavigate } from "@solidjs/router";
import { createMemo, For, lazy, Show, Suspense } from "solid-js";
import type { CostDay } from "#server/tables/call-store.ts";
import { Segments } from "~/ui/segments";
import { callsPath } from "./cost-question";
import { dayMeasures, daysChart, measureOf, timeWords } from "./days-chart";
import { everyTime, type TimeUnit } from "./every-time";
import { useCostAddress } from "./use-cost-address";
import "~/charts/charts.css";

const ChartPicture = lazy(() =>
  import("~/charts/chart-picture").then(({ ChartPicture }) => ({ default: ChartPicture })),
);

/** What was spent, called, failed or came free day by day, or in the hours of one, with tokens and latency; a time opens the calls it is made of, by its bar or its link. */
export function CostDays(props: { readonly days: readonly CostDay[]; readonly unit: TimeUnit }) {
  const [address, setAddress] = useCostAddress();
  const navigate = useNavigate();
  const measure = () => measureOf(address().chart, props.days);
  const chart = createMemo(() => daysChart(props.days, measure(), props.unit));
  const pathOf = (day: string): string => {
    const { kind, order } = measure();
    return callsPath(address(), {
      [props.unit]: day,
      ...(kind === null ? {} : { kind }),
      ...(order === undefined ? {} : { order }),
    });
  };
  const go = (x: string | number): void => {
    const time = everyTime(props.days, props.unit).find((time) => timeWords(time) === x);
    if (time !== undefined) navigate(pathOf(time.day));
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
        <ChartPicture model={chart()} height={200} onPoint={go} />
        <nav class="cost-days" aria-label={props.unit === "day" ? "Days" : "Hours"}>
          <For each={props.days}>{(time) => <A href={pathOf(time.day)}>{timeWords(time)}</A>}</For>
        </nav>
        <Show when={chart().note}>{(note) => <p class="chart-note">Drawn: {note()}.</p>}</Show>
      </Suspense>
    </>
  );
}
