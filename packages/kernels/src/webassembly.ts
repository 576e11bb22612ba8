/** The part of the WebAssembly JavaScript interface used here; TypeScript ships it only with the browser's whole library. */
export interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (descriptor: { initial: number; maximum?: number }) => GrowableMemory;
  Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, unknown> };
}

export interface GrowableMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
