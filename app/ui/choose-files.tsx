import type { ParentProps } from "solid-js";

/** A button that opens the browser's choice of files. */
export function ChooseFiles(
  props: ParentProps<{ readonly accept: string; readonly multiple?: boolean; chosen(files: readonly File[]): void }>,
) {
  let input: HTMLInputElement | undefined;
  return (
    <>
      <button type="button" class="button" onClick={() => input?.click()}>
        {props.children}
      </button>
      <input
        ref={(element) => (input = element)}
        type="file"
        hidden
        accept={props.accept}
        multiple={props.multiple === true}
        onChange={({ currentTarget }) => {
          props.chosen([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
    </>
  );
}
