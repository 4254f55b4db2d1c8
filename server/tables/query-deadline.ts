/**
 * Milliseconds a query may run before it is stopped: five minutes, or the seconds that `SHEAF_SQL_SECONDS` says. In five minutes one
 * thread scans many times what fits into a query's memory, and one of the two query processes is held no longer by what never ends.
 */
export function queryDeadline(setting: string | undefined): number {
  const seconds = setting !== undefined && /^[1-9]\d{0,5}$/.test(setting) ? Number(setting) : 300;
  return seconds * 1000;
}
