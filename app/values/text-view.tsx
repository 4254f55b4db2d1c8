import { createEffect, createMemo, createSignal, lazy, Match, on, Show, Suspense, Switch } from "solid-js";
import { api, problemOf } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";
import { toasts } from "~/ui/toasts";
import { foldText } from "./fold-text";
import { FormSwitch } from "./form-switch";
import { parsedJson, textForms, type TextForm } from "./text-forms";

const JsonTree = lazy(() => import("./json-tree").then(({ JsonTree }) => ({ default: JsonTree })));
const RenderedText = lazy(() => import("./rendered-text").then(({ RenderedText }) => ({ default: RenderedText })));

export interface TextViewProps {
  readonly text: string;
  /** Its length where `text` is only its beginning. */
  readonly full: number | null;
  /** Where the rest of it can be had. */
  readonly address: string | null;
  readonly narrow: boolean;
  /** Whether all of it that is here is shown, however long. */
  readonly unfolded?: boolean;
}

/** A text: folded where it is long, rendered, raw, or as a tree of JSON. It is never taken for HTML. */
export function TextView(props: TextViewProps) {
  const { store } = useNotebook();
  const [whole, setWhole] = createSignal<string | null>(null);
  const [picked, setPicked] = createSignal<TextForm | null>(null);
  const [open, setOpen] = createSignal(false);
  const [coming, setComing] = createSignal(false);
  // A result that is told again with the same text stays as it was opened.
  const given = createMemo(() => `${props.full} ${props.text}`);
  createEffect(on(given, () => setWhole(null), { defer: true }));
  const text = createMemo(() => (open() ? (whole() ?? props.text) : props.text));
  const isCut = () => props.full !== null && whole() === null;
  const forms = createMemo(() =>
    isCut() ? textForms(props.text).filter((form) => form !== "json") : textForms(text()),
  );
  const form = (): TextForm => (forms().includes(picked()!) ? picked()! : (forms()[0] ?? "raw"));
  const folded = createMemo(() =>
    open() || props.unfolded === true
      ? null
      : foldText(text(), props.narrow ? { lines: 8, characters: 480 } : { lines: 16, characters: 1_600 }),
  );
  const shown = () => folded() ?? text();
  const isLong = () => folded() !== null || isCut();

  const showAll = async (): Promise<void> => {
    if (isCut() && props.address !== null) {
      const asked = given();
      setComing(true);
      try {
        const value = await api.notebook.value.query({ path: store.path, address: props.address });
        // Of a text that is another by now it is not the rest.
        if (value.type === "string" && given() === asked) setWhole(value.value);
      } catch (thrown) {
        toasts.problem(problemOf(thrown));
      } finally {
        setComing(false);
      }
    }
    setOpen(true);
  };

  return (
    <div class="value-text-block">
      <Switch fallback={<p class="value-text">{shown()}</p>}>
        <Match when={form() === "rendered"}>
          <Suspense fallback={<p class="value-text">{shown()}</p>}>
            <RenderedText text={shown()} />
          </Suspense>
        </Match>
        <Match when={form() === "json"}>
          <Suspense fallback={<p class="value-text">{shown()}</p>}>
            <JsonTree value={parsedJson(text()) as never} />
          </Suspense>
        </Match>
      </Switch>
      <Show when={forms().length > 1 || (isLong() && form() !== "json") || (open() && text().length > 480)}>
        <div class="value-text-foot">
          <Show when={form() !== "json"}>
            <Show
              when={isLong()}
              fallback={
                <Show when={open()}>
                  <button type="button" class="link" onClick={() => setOpen(false)}>
                    show less
                  </button>
                </Show>
              }
            >
              <button type="button" class="link" disabled={coming()} onClick={() => void showAll()}>
                {coming() ? "fetching …" : `show all ${(props.full ?? text().length).toLocaleString("en")} characters`}
              </button>
            </Show>
          </Show>
          <FormSwitch forms={forms()} form={form()} pick={setPicked} />
        </div>
      </Show>
    </div>
  );
}
