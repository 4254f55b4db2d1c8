// By its parts: as members of Kobalte's `Dialog` they are the alert dialog's wherever that is loaded too.
import * as Dialog from "@kobalte/core/dialog";
import { createEffect, createMemo, createResource, createSignal, on, onCleanup, Show, untrack } from "solid-js";
import ArrowLeft from "lucide-solid/icons/arrow-left";
import ArrowRight from "lucide-solid/icons/arrow-right";
import ChevronDown from "lucide-solid/icons/chevron-down";
import ChevronUp from "lucide-solid/icons/chevron-up";
import Copy from "lucide-solid/icons/copy";
import X from "lucide-solid/icons/x";
import type { Datum, Value } from "#server/notebook/value.ts";
import { api } from "~/api";
import { DiffView } from "~/inspector/diff-view";
import { useNotebook } from "~/notebook/notebook-context";
import { copyText } from "./copy-text";
import { FormSwitch } from "./form-switch";
import { highlightFound, type FoundPlaces } from "./highlight-found";
import { JsonTree } from "./json-tree";
import { closeReader, type ReaderItem, type Reading } from "./reader-state";
import { pictureOf } from "./picture";
import { RenderedText } from "./rendered-text";
import { parsedJson, textForms, type TextForm } from "./text-forms";
import { valueText } from "./value-summary";
import "./reader.css";

/** A text over the whole page: rendered, raw or as a tree, with search in it, and ← → through its variants. */
export function ReaderDialog(props: { readonly reading: Reading }) {
  const { store } = useNotebook();
  const [index, setIndex] = createSignal(props.reading.first);
  const [picked, setPicked] = createSignal<TextForm | null>(null);
  const [sought, setSought] = createSignal("");
  const [place, setPlace] = createSignal(0);
  const [found, setFound] = createSignal<FoundPlaces | null>(null);
  const [compares, setCompares] = createSignal(props.reading.compares ?? false);
  const count = () => props.reading.count;
  const item = createMemo(() => props.reading.item(index()));
  const wholeOf = (one: () => ReaderItem | undefined) => {
    const key = createMemo(() => {
      const now = one();
      return now === undefined || now.full === null ? null : (now.address ?? now.label);
    });
    const [whole] = createResource(key, async (of) => {
      const { address, whole: had } = untrack(one)!;
      const value =
        had === undefined ? await api.notebook.value.query({ path: store.path, address: address! }) : await had();
      return { of, value: (value ?? { type: "null" }) as Value };
    });
    // Asked for before it is there, `latest` would hold the page back, and throw what went wrong.
    const came = (): Value | undefined =>
      whole.state === "ready" && whole.latest.of === key() ? whole.latest.value : undefined;
    return {
      problem: () => whole.error as unknown,
      isWhole: () => key() === null || came() !== undefined,
      value: (): Value => came() ?? one()?.value ?? { type: "null" },
    };
  };
  const { value, isWhole, problem } = wholeOf(item);
  const { value: otherValue, problem: otherProblem } = wholeOf(() => item().against);
  const text = createMemo(() => valueText(value()));
  const picture = createMemo(() => pictureOf(value()));
  const json = createMemo((): Datum | undefined => {
    const shown = value();
    return shown.type === "json" ? shown.value : (parsedJson(text()) as Datum | undefined);
  });
  const forms = createMemo((): readonly TextForm[] => (value().type === "json" ? ["json", "raw"] : textForms(text())));
  const form = (): TextForm => (forms().includes(picked()!) ? picked()! : (forms()[0] ?? "raw"));
  const isCompared = () => compares() && item().against !== undefined;
  let body!: HTMLDivElement;
  let search!: HTMLInputElement;

  const step = (by: number): void => {
    const next = index() + by;
    if (next < 0 || next >= count()) return;
    setIndex(next);
    props.reading.moved?.(next);
  };
  const nextPlace = (by: number): void => {
    const places = found()?.count ?? 0;
    if (places > 0) setPlace((before) => (before + by + places) % places);
  };

  createEffect(
    on([sought, text, form, isCompared], ([word]) => {
      setPlace(0);
      // What is shown is in the document a moment later, rendered text too.
      const frame = requestAnimationFrame(() => setFound(word === "" ? null : highlightFound(body, word)));
      onCleanup(() => cancelAnimationFrame(frame));
    }),
  );
  createEffect(() => found()?.show(place()));
  onCleanup(() => found()?.clear());

  const onKeyDown = (event: KeyboardEvent): void => {
    const inSearch = event.target === search;
    if ((event.metaKey || event.ctrlKey) && event.key === "f") {
      search.focus();
      search.select();
    } else if (inSearch && event.key === "Enter") nextPlace(event.shiftKey ? -1 : 1);
    else if (inSearch && event.key === "Escape" && sought() !== "") setSought("");
    else if (!inSearch && !(event.target as Element).closest("[role=tree]") && event.key === "ArrowLeft") step(-1);
    else if (!inSearch && !(event.target as Element).closest("[role=tree]") && event.key === "ArrowRight") step(1);
    else if (!inSearch && event.key === "d" && item().against !== undefined) setCompares((before) => !before);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeReader()}>
      <Dialog.Portal>
        <Dialog.Content
          class="reader"
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => (event.preventDefault(), body.focus())}
        >
          <header class="reader-head">
            <Dialog.Title class="reader-title">{item().label}</Dialog.Title>
            <Show when={count() > 1}>
              <span class="reader-steps">
                <button
                  type="button"
                  class="icon-button"
                  aria-label="The one before"
                  disabled={index() === 0}
                  onClick={() => step(-1)}
                >
                  <ArrowLeft />
                </button>
                <span aria-live="polite">
                  {(index() + 1).toLocaleString("en")} of {count().toLocaleString("en")}
                </span>
                <button
                  type="button"
                  class="icon-button"
                  aria-label="The next one"
                  disabled={index() === count() - 1}
                  onClick={() => step(1)}
                >
                  <ArrowRight />
                </button>
              </span>
            </Show>
            <span class="spring" />
            <span class="reader-search">
              <input
                ref={search}
                class="field"
                type="search"
                placeholder="Find in it"
                aria-label="Find in the text"
                value={sought()}
                onInput={(event) => setSought(event.currentTarget.value)}
              />
              <span class="reader-count" role="status">
                {sought() === "" ? "" : (found()?.count ?? 0) === 0 ? "none" : `${place() + 1} of ${found()!.count}`}
              </span>
              <button
                type="button"
                class="icon-button"
                aria-label="Found before"
                disabled={!found()?.count}
                onClick={() => nextPlace(-1)}
              >
                <ChevronUp />
              </button>
              <button
                type="button"
                class="icon-button"
                aria-label="Found next"
                disabled={!found()?.count}
                onClick={() => nextPlace(1)}
              >
                <ChevronDown />
              </button>
            </span>
            <FormSwitch forms={forms()} form={form()} pick={setPicked} />
            <button
              type="button"
              class="icon-button"
              aria-label="Copy"
              title="Copy"
              disabled={!isWhole()}
              onClick={() => void copyText(text())}
            >
              <Copy />
            </button>
            <Dialog.CloseButton class="icon-button" aria-label="Close">
              <X />
            </Dialog.CloseButton>
          </header>
          <div class="reader-body" ref={body} tabIndex={0} role="document" aria-label={item().label}>
            <Show when={problem() ?? otherProblem()}>
              <p class="problem" role="alert">
                The rest of it could not be fetched. Close this and try again.
              </p>
            </Show>
            <Show when={isCompared()}>
              <DiffView
                before={text()}
                after={valueText(otherValue())}
                words={[item().name ?? item().label, item().against!.name ?? item().against!.label]}
              />
            </Show>
            <Show when={!isCompared() && form() === "json" && json() !== undefined}>
              <JsonTree value={json()!} />
            </Show>
            <Show when={!isCompared() && form() === "rendered"}>
              <RenderedText text={text()} />
            </Show>
            <Show when={!isCompared() && form() === "raw"}>
              <Show when={picture()} fallback={<p class="value-text">{text()}</p>}>
                {(source) => <img class="reader-picture" src={source()} alt={text().slice(0, 200)} />}
              </Show>
            </Show>
          </div>
          <footer class="reader-foot">
            {isWhole() ? "" : "The first "}
            {text().length.toLocaleString("en")} characters
            <span class="spring" />
            <Show when={item().against}>
              <kbd>d</kbd> {compares() ? "the text alone" : "compare by words"}
            </Show>
            <Show when={count() > 1}>
              <kbd>←</kbd> <kbd>→</kbd> through all {count().toLocaleString("en")}
            </Show>
            <kbd>Esc</kbd> closes
          </footer>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
