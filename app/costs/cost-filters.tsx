import { useSearchParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import X from "lucide-solid/icons/x";
import { daysOf, groupings, periods, type CostAddress } from "./cost-question";
import { shownName } from "./shown-name";
import "~/ui/segments.css";

/** The time that is looked at. */
export function PeriodChoice() {
  const [address, setAddress] = useSearchParams<CostAddress & { [name: string]: string }>();
  return (
    <div class="segments" role="group" aria-label="Time">
      <For each={periods}>
        {({ days, word }) => (
          <button
            type="button"
            aria-pressed={daysOf(address as CostAddress) === days}
            onClick={() => setAddress({ days: String(days), after: null })}
          >
            {word}
          </button>
        )}
      </For>
    </div>
  );
}

/** What the calls that are looked at have in common, each to be taken away. */
export function CostFilters() {
  const [address, setAddress] = useSearchParams<CostAddress & { [name: string]: string }>();
  const chosen = () => groupings.filter((grouping) => address[grouping.by] !== undefined);
  return (
    <Show when={chosen().length > 0}>
      <ul class="cost-filters" aria-label="Only calls of">
        <For each={chosen()}>
          {(grouping) => (
            <li>
              <button
                type="button"
                class="pill"
                aria-label={`Not only ${grouping.word.toLowerCase()} ${address[grouping.by]}`}
                onClick={() => setAddress({ [grouping.by]: null, after: null })}
              >
                {grouping.word.toLowerCase()} <b>{shownName(grouping.by, address[grouping.by]!)}</b> <X />
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
