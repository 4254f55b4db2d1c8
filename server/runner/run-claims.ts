/**
 * Which of the runs under way an address belongs to: the latest that came to it. What an earlier one still brings is in the
 * journal and is not shown.
 */
export interface RunClaims {
  /** Begins a run. */
  begin(): RunClaim;
  /** Whether a run is under way. */
  readonly busy: boolean;
}

export interface RunClaim {
  /** Takes an address for this run. */
  take(address: string): void;
  /** Whether a later run has taken it. */
  isLost(address: string): boolean;
  end(): void;
}

export function createRunClaims(): RunClaims {
  const owners = new Map<string, number>();
  let active = 0;
  let last = 0;
  return {
    get busy() {
      return active > 0;
    },
    begin() {
      const number = (last += 1);
      active += 1;
      return {
        take(address) {
          // Alone there is nobody to lose it to, and a later run takes what it comes to itself.
          if (active > 1) owners.set(address, Math.max(number, owners.get(address) ?? 0));
        },
        isLost: (address) => (owners.get(address) ?? 0) > number,
        end() {
          active -= 1;
          if (active === 0) owners.clear();
        },
      };
    },
  };
}
