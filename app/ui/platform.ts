/** Whether the keyboard has a command key: then it is `Mod`, and Ctrl elsewhere. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
