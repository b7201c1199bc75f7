/** Counts the calls under way. */
export interface OutstandingCalls {
  readonly count: number;
  begin(): void;
  end(): void;
  /** Fulfilled when none is under way. */
  none(): Promise<void>;
}

export function countCalls(): OutstandingCalls {
  let count = 0;
  let empty: PromiseWithResolvers<void> | undefined;
  return {
    get count() {
      return count;
    },
    begin() {
      count += 1;
    },
    end() {
      count -= 1;
      if (count === 0) empty?.resolve();
    },
    async none() {
      if (count === 0) return;
      empty ??= Promise.withResolvers();
      await empty.promise;
    },
  };
}
