/** The bytes of an input, in order. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
