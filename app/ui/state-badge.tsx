import { createMemo, type JSX } from "solid-js";
import { Dynamic } from "solid-js/web";
import Ban from "lucide-solid/icons/ban";
import Circle from "lucide-solid/icons/circle";
import CircleAlert from "lucide-solid/icons/circle-alert";
import CircleCheck from "lucide-solid/icons/circle-check";
import CircleDashed from "lucide-solid/icons/circle-dashed";
import CirclePause from "lucide-solid/icons/circle-pause";
import CircleSlash from "lucide-solid/icons/circle-slash-2";
import Contrast from "lucide-solid/icons/contrast";
import History from "lucide-solid/icons/rotate-ccw";
import Hourglass from "lucide-solid/icons/hourglass";
import LoaderCircle from "lucide-solid/icons/loader-circle";
import Lock from "lucide-solid/icons/lock";
import Pencil from "lucide-solid/icons/pencil";
import SkipForward from "lucide-solid/icons/skip-forward";
import type { ShownState } from "~/notebook/shown-state";
import "./state-badge.css";

const icons: { readonly [Name in ShownState["icon"]]: (props: { class?: string }) => JSX.Element } = {
  never: Circle,
  queued: CircleDashed,
  running: LoaderCircle,
  waiting: Hourglass,
  current: CircleCheck,
  cached: History,
  stale: Contrast,
  locked: Lock,
  edited: Pencil,
  skipped: SkipForward,
  blocked: Ban,
  partial: CircleSlash,
  cancelled: CirclePause,
  error: CircleAlert,
};

/** A state by shape and word as well as colour, with its reason in a tooltip. */
export function StateBadge(props: { readonly state: ShownState; readonly quiet?: boolean }) {
  const state = createMemo(() => props.state, undefined, { equals: isSame });
  // A picture is drawn anew only where it is another.
  const icon = createMemo(() => state().icon);
  return (
    <span class={`state-badge ${state().tone}`} data-tip={state().tooltip}>
      <Dynamic component={icons[icon()]} class={icon() === "running" ? "turning" : ""} />
      <span classList={{ "visually-hidden": props.quiet === true }}>{state().word}</span>
    </span>
  );
}

function isSame(left: ShownState, right: ShownState): boolean {
  return (
    left.icon === right.icon && left.word === right.word && left.tooltip === right.tooltip && left.tone === right.tone
  );
}
