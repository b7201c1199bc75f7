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

/** All pages of a list, each asked for when the one before has been used up. */
export async function* pagesOf<Item>(
  limit: number,
  list: (page: PageRequest) => Promise<PageOf<Item>>,
): AsyncGenerator<readonly Item[], void, undefined> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor }: PageOf<Item> = await list({ limit, ...(cursor === undefined ? {} : { cursor }) });
    yield items;
    cursor = nextCursor;
  } while (cursor !== undefined);
}
