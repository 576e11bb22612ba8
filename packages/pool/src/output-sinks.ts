import { type Access, DataError, type NpyPart, npyHeader, openNpyPart, S3Objects } from '@lossmill/dataset';
import type { Outputs, Shard } from '@lossmill/evaluation';
import { isRemote } from './output-plan.js';
import type { OutputFile } from './output-types.js';

type Values = Float32Array | Float64Array;

/** Where one thread writes rows of one file. */
interface Sink {
  begin(shard: Shard): void;
  write(row: number, values: Values): void;
  end(signal?: AbortSignal): Promise<void>;
  sync(): Promise<void>;
  close(): void;
}

/** The outputs of a plan, open in this thread. */
export interface OpenOutputs {
  sinks: Outputs;
  begin(shard: Shard): void;
  /** After all rows of a shard. An object is written here. */
  end(signal?: AbortSignal): Promise<void>;
  /** What was written to files outlives a crash of the machine from then on. */
  sync(): Promise<void>;
  close(): void;
}

/**
 * Opens the parts of files, which must be there; objects need no opening.
 * @throws DataError FILE_NOT_WRITABLE
 */
export function openOutputs(files: readonly OutputFile[], access?: Access): OpenOutputs {
  const opened: Sink[] = [];
  const close = (): void => {
    for (const sink of opened) sink.close();
  };
  const kinds: Record<OutputFile['kind'], Sink[]> = { rows: [], gradient: [] };
  try {
    for (const file of files) {
      const sink = isRemote(file.part) ? new ObjectSink(file, new S3Objects(access)) : new FileSink(file);
      opened.push(sink);
      kinds[file.kind][file.loss] = sink;
    }
  } catch (error) {
    close();
    throw error;
  }
  const { rows, gradient } = kinds;
  return {
    sinks: {
      ...(rows.length > 0 ? { losses: (loss, start, values) => rows[loss].write(start, values) } : {}),
      ...(gradient.length > 0 ? { gradient: (loss, start, values) => gradient[loss].write(start, values) } : {}),
    },
    begin: (shard) => {
      for (const sink of opened) sink.begin(shard);
    },
    end: async (signal) => {
      for (const sink of opened) await sink.end(signal);
    },
    // At once: the disk does it in one go.
    sync: async () => {
      await Promise.all(opened.map((sink) => sink.sync()));
    },
    close,
  };
}

/** Each row has its place in the file, so that writing it twice writes the same bytes. */
class FileSink implements Sink {
  readonly #part: NpyPart;
  readonly #width: number;

  constructor({ path, part, shape }: OutputFile) {
    this.#width = shape[1] ?? 1;
    try {
      this.#part = openNpyPart(part);
    } catch (error) {
      if (!(error instanceof DataError && error.code === 'FILE_NOT_FOUND')) throw error;
      throw new DataError(
        'FILE_NOT_WRITABLE',
        `${path} cannot be written here: its beginning, ${part}, is not there. All workers and coordinators must share the output folder at one path; without a shared disk give an s3:// URL.`,
        { source: path },
      );
    }
  }

  begin(): void {}

  write(row: number, values: Values): void {
    this.#part.write(row * this.#width, values);
  }

  async end(): Promise<void> {}

  sync(): Promise<void> {
    return this.#part.sync();
  }

  close(): void {
    this.#part.close();
  }
}

/** Where in the file a shard's object stands: that of the first shard holds the header too. */
export function shardObject({ part, type, shape }: OutputFile, { start, end }: Pick<Shard, 'start' | 'end'>) {
  const head = start === 0 ? npyHeader(type, shape) : new Uint8Array();
  return { uri: `${part}/${start}-${end}`, head, bytes: head.length + (end - start) * rowBytes(type, shape) };
}

const rowBytes = (type: OutputFile['type'], shape: readonly number[]): number => Number(type[1]) * (shape[1] ?? 1);

/** Rows of a shard are kept until it is done, and written as one object. */
class ObjectSink implements Sink {
  readonly #file: OutputFile;
  readonly #objects: S3Objects;
  readonly #rowBytes: number;
  #uri = '';
  #buffer = new Uint8Array();
  /** Where row 0 of the file would stand in the buffer. */
  #origin = 0;

  constructor(file: OutputFile, objects: S3Objects) {
    this.#file = file;
    this.#objects = objects;
    this.#rowBytes = rowBytes(file.type, file.shape);
  }

  begin(shard: Shard): void {
    const { uri, head, bytes } = shardObject(this.#file, shard);
    this.#uri = uri;
    // Not used again while it is on its way.
    this.#buffer = new Uint8Array(bytes);
    this.#buffer.set(head);
    this.#origin = head.length - shard.start * this.#rowBytes;
  }

  write(row: number, values: Values): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#buffer.set(bytes, this.#origin + row * this.#rowBytes);
  }

  end(signal?: AbortSignal): Promise<void> {
    return this.#objects.put(this.#uri, this.#buffer, signal);
  }

  async sync(): Promise<void> {}

  close(): void {
    this.#buffer = new Uint8Array();
  }
}
