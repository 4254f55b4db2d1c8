import { For, Show } from "solid-js";
import X from "lucide-solid/icons/x";
import { Segments } from "~/ui/segments";
import { daysOf, groupingsAsked, periods } from "./cost-question";
import { shownName } from "./shown-name";
import { useCostAddress } from "./use-cost-address";

/** The time that is looked at. */
export function PeriodChoice() {
  const [address, setAddress] = useCostAddress();
  return (
    <Segments
      label="Time"
      choices={periods}
      isChosen={({ days }) => days === daysOf(address())}
      choose={({ days }) => setAddress({ days: String(days), after: null })}
    />
  );
}

/** What the calls that are looked at have in common, each to be taken away. */
export function CostFilters() {
  const [address, setAddress] = useCostAddress();
  return (
    <Show when={groupingsAsked(address()).length > 0}>
      <ul class="cost-filters" aria-label="Only calls of">
        <For each={groupingsAsked(address())}>
          {(grouping) => (
            <li>
              <button
                type="button"
                class="pill"
                aria-label={`Not only ${grouping.word.toLowerCase()} ${shownName(grouping.by, address()[grouping.by]!)}`}
                onClick={() => setAddress({ [grouping.by]: null, after: null })}
              >
                {grouping.word.toLowerCase()} <b>{shownName(grouping.by, address()[grouping.by]!)}</b> <X />
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
