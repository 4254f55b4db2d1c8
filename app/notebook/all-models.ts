import { api } from "~/api";
import { askedOnce } from "./asked-once";

/** The models one can talk to that are known by name, besides those a notebook names itself. */
export const allModels = askedOnce(async () =>
  (await api.models.list.query()).local.flatMap(({ name, kind }) => (kind === "chat" ? [name] : [])),
);
