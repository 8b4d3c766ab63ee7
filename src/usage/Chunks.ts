/** The bytes of an input, in order. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * The most bytes that are held at once: a document, or one line of JSON Lines. A host with a thousand
 * MicroVMs takes about 100 KiB, so this is room for hundreds of such hosts in one document.
 */
export const MAX_BYTES = 64 * 1024 * 1024;
