import calls from "./stryker.config.json" with { type: "json" };

/** As `stryker.config.json`, of what modules do when they are loaded. */
export default {
  ...calls,
  ignoreStatic: false,
  plugins: [...calls.plugins, "./mutation/at-load.mjs"],
  ignorers: ["at-load"],
};
