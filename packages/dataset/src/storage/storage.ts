/** Bytes [start, end) of a file. */
export type ByteRange = readonly [start: number, end: number];

/** What must not change about a remote file; every request asks for this version and every answer is held against it. */
export type RemotePin = {
  /** ETag as sent, quotes and all. */
  etag?: string;
  /** Last-Modified as sent: only where there is no ETag. */
  modified?: string;
  /** True when the server ignores ranges: the file can only be had whole. */
  whole?: true;
};

export interface RemoteStat {
  readonly bytes: number;
  readonly remote: RemotePin;
}

/** A remote file that was looked at before. */
export interface PinnedFile extends RemoteStat {
  /** For messages: without the query of its URL, which may be a signature. */
  readonly uri: string;
  /** Its URL. */
  readonly path: string;
}

/** Takes bytes as they arrive: ascending, each exactly once. */
export type Sink = (bytes: Uint8Array, position: number) => void;

/** Where files are that this machine does not have: http and s3. All methods throw DataError. */
export interface Storage {
  /** Size and version of a file. */
  stat(uri: string, signal?: AbortSignal): Promise<RemoteStat>;
  /** Reads a range that lies in the file into `sink`; FILE_CHANGED if the file is no longer the pinned one. */
  read(file: PinnedFile, range: ByteRange, sink: Sink, signal?: AbortSignal): Promise<void>;
  /** The URIs that match a pattern, not empty, in any order. */
  list(pattern: string, signal?: AbortSignal): Promise<string[]>;
}

/** The scheme of a URL in small letters, null for a path. */
export function schemeOf(uri: string): string | null {
  return /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1].toLowerCase() ?? null;
}
