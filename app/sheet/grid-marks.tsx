import { For } from "solid-js";
import { Dynamic } from "solid-js/web";
import Ban from "lucide-solid/icons/ban";
import Check from "lucide-solid/icons/check";
import CircleAlert from "lucide-solid/icons/circle-alert";
import CircleDashed from "lucide-solid/icons/circle-dashed";
import CirclePause from "lucide-solid/icons/circle-pause";
import CircleSlash from "lucide-solid/icons/circle-slash-2";
import Contrast from "lucide-solid/icons/contrast";
import Hourglass from "lucide-solid/icons/hourglass";
import LoaderCircle from "lucide-solid/icons/loader-circle";
import Lock from "lucide-solid/icons/lock";
import Minus from "lucide-solid/icons/minus";
import Pencil from "lucide-solid/icons/pencil";
import RotateCcw from "lucide-solid/icons/rotate-ccw";
import SkipForward from "lucide-solid/icons/skip-forward";
import X from "lucide-solid/icons/x";
import type { CellLook, Verdict } from "./cell-look";

type MarkName = NonNullable<CellLook["mark"]> | Verdict;

const icons: { readonly [Name in MarkName]: typeof Check } = {
  pass: Check,
  fail: X,
  open: Minus,
  never: CircleDashed,
  queued: CircleDashed,
  running: LoaderCircle,
  waiting: Hourglass,
  current: Check,
  cached: RotateCcw,
  stale: Contrast,
  locked: Lock,
  edited: Pencil,
  skipped: SkipForward,
  blocked: Ban,
  partial: CircleSlash,
  cancelled: CirclePause,
  error: CircleAlert,
};

/** The marks of cells, drawn once for all of them: thousands of cells are made while one scrolls. */
export function GridMarks() {
  return (
    <svg width="0" height="0" class="sheet-marks" aria-hidden="true">
      <For each={Object.entries(icons)}>
        {([name, icon]) => (
          <symbol id={`mark-${name}`} viewBox="0 0 24 24">
            <Dynamic component={icon} size={24} />
          </symbol>
        )}
      </For>
    </svg>
  );
}

/** One mark; its word stands beside it for those who do not see it. */
export function Mark(props: { readonly name: MarkName }) {
  return (
    <svg class={`sheet-mark ${props.name}`} aria-hidden="true">
      <use href={`#mark-${props.name}`} />
    </svg>
  );
}
