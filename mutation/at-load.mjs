import { PluginKind, declareValuePlugin } from "@stryker-mutator/api/plugin";

/**
 * Has Stryker change only what a module does when it is loaded. Such a change is there from the beginning: it needs a load of its own and
 * all tests, where one of a function needs those alone that come by it.
 */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, "at-load", {
    shouldIgnore: (path) => (path.findParent((parent) => parent.isFunction()) ? "it is in a function" : undefined),
  }),
];
