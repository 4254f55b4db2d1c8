import { createEffect, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import type { ChartModel } from "./chart-model";
import { ChartDrawing, seriesColour } from "./chart-drawing";

type Drawn = Exclude<ChartModel, { readonly type: "empty" }>;

/** A chart's picture with its legend, as wide as there is room. */
export function ChartPicture(props: {
  readonly model: Drawn;
  readonly height: number;
  /** Told of the bar that is clicked, by where it stands. */
  readonly onPoint?: (x: string | number) => void;
}) {
  const [width, setWidth] = createSignal(0);
  let box!: HTMLDivElement;
  onMount(() => {
    const root = createRoot(box);
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(box);
    createEffect(() => {
      const { onPoint } = props;
      const drawing = {
        model: props.model,
        width: width(),
        height: props.height,
        ...(onPoint === undefined ? {} : { onPoint }),
      };
      root.render(drawing.width > 0 ? createElement(ChartDrawing, drawing) : null);
    });
    onCleanup(() => {
      observer.disconnect();
      root.unmount();
    });
  });
  return (
    <>
      <Show when={props.model.series.length > 1}>
        <ul class="chart-legend" aria-hidden="true">
          <For each={props.model.series}>
            {({ name }, index) => (
              <li>
                <span class="chart-swatch" style={{ background: seriesColour(index()) }} />
                {name}
              </li>
            )}
          </For>
        </ul>
      </Show>
      <div
        class="chart-box"
        role="img"
        aria-label={props.model.summary}
        ref={box}
        style={{ height: `${props.height}px` }}
      />
    </>
  );
}
