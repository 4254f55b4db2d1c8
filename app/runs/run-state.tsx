import type { JSX } from "solid-js";
import { Dynamic } from "solid-js/web";
import CircleAlert from "lucide-solid/icons/circle-alert";
import CircleCheck from "lucide-solid/icons/circle-check";
import CirclePause from "lucide-solid/icons/circle-pause";
import Hourglass from "lucide-solid/icons/hourglass";
import LoaderCircle from "lucide-solid/icons/loader-circle";
import type { RunWord } from "./run-words";

const icons: { readonly [Shape in RunWord["shape"]]: () => JSX.Element } = {
  check: () => <CircleCheck />,
  alert: () => <CircleAlert />,
  wait: () => <Hourglass />,
  running: () => <LoaderCircle />,
  stopped: () => <CirclePause />,
};

/** A run's or a result's state by shape, word and colour. */
export function RunState(props: { readonly state: RunWord }) {
  return (
    <span class={`state-word ${props.state.tone}`}>
      <Dynamic component={icons[props.state.shape]} /> {props.state.word}
    </span>
  );
}
