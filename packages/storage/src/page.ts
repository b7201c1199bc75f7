/** A part of a list, in an order that does not change; `cursor` is what the last part ended with. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

export interface PageOf<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}
