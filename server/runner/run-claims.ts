/**
 * Which of the runs under way an address belongs to: the latest that came to it, but to one that a person started before any that
 * nobody asked for. What another one still brings is in the journal and is not shown.
 */
export interface RunClaims {
  /** Begins a run; `automatic` where nobody asked for it. */
  begin(automatic: boolean): RunClaim;
  /** Whether a run is under way. */
  readonly busy: boolean;
}

export interface RunClaim {
  /** Takes an address for this run, where it may have it, and says whether it has. */
  take(address: string): boolean;
  /** Takes addresses for as long as they are computed: until then nothing that runs by itself may have them. */
  hold(addresses: readonly string[]): void;
  /** They are computed, and what came of them is where others find it. */
  release(addresses: readonly string[]): void;
  /** Whether another run has it. */
  isLost(address: string): boolean;
  end(): void;
}

interface Owner {
  readonly run: number;
  readonly automatic: boolean;
  /** Of one that a person's run has computed the last run begun before: it may have looked when nothing was there yet. */
  readonly until: number | null;
}

export function createRunClaims(): RunClaims {
  const owners = new Map<string, Owner>();
  let active = 0;
  let last = 0;
  return {
    get busy() {
      return active > 0;
    },
    begin(automatic) {
      const run = (last += 1);
      active += 1;
      const isLost = (address: string): boolean => {
        const owner = owners.get(address);
        if (owner === undefined || owner.run === run) return false;
        if (owner.automatic === automatic) return owner.run > run;
        return automatic && (owner.until === null || owner.until >= run);
      };
      const own = (address: string): boolean => {
        if (isLost(address)) return false;
        owners.set(address, { run, automatic, until: null });
        return true;
      };
      return {
        isLost,
        // Alone there is nobody to lose it to, and a later run takes what it comes to itself.
        take: (address) => (active > 1 ? own(address) : !isLost(address)),
        hold: (addresses) => addresses.forEach(own),
        release(addresses) {
          for (const address of addresses) {
            if (owners.get(address)?.run !== run) continue;
            // Alone nobody has looked before.
            if (active === 1) owners.delete(address);
            else owners.set(address, { run, automatic, until: last });
          }
        },
        end() {
          active -= 1;
          if (active === 0) owners.clear();
        },
      };
    },
  };
}
