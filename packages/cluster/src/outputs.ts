import { statSync } from 'node:fs';
import {
  type Access,
  abandonUpload,
  assembleObject,
  DataError,
  npyHeader,
  openNpyPart,
  type Piece,
  probeObject,
  S3Objects,
} from '@lossmill/dataset';
import { type Shard, shardAt } from '@lossmill/evaluation';
import {
  dropParts,
  isRemote,
  makeParts,
  type OutputFile,
  type OutputPlan,
  publishPart,
  shardObject,
  type WritingPlan,
} from '@lossmill/pool';

/** Rows of shards that are not counted, written at a time. */
const FILL_VALUES = 65_536;

/** The id of an upload that is on its way. */
const journalOf = ({ part }: OutputFile): string => `${part}/upload`;

const filesWhere = ({ files }: OutputPlan, remote: boolean): OutputFile[] =>
  files.filter(({ target }) => isRemote(target) === remote);

/**
 * Makes the parts that are files, and tries whether objects can be written. The same again does no harm.
 * @param begun whether shards may have been written: then parts that are not there are an error
 */
export async function prepareOutputs(outputs: OutputPlan, access: Access | undefined, begun: boolean): Promise<void> {
  const local = filesWhere(outputs, false);
  if (begun) for (const file of local) expectPart(file);
  else makeParts({ ...outputs, files: local });
  if (begun) return;
  const objects = new S3Objects(access);
  for (const { target } of filesWhere(outputs, true)) await probeObject(objects, target);
}

function expectPart({ part, path }: OutputFile): void {
  if (statSync(part, { throwIfNoEntry: false })) return;
  throw new DataError(
    'FILE_NOT_WRITABLE',
    `${path} cannot be finished: ${part}, into which its rows were written, is gone. Submit the evaluation again, and leave hidden files in its folder alone.`,
    { source: path },
  );
}

/**
 * Gives every file its name. It may be done again, also by another process, until the parts are dropped.
 * @param counted says which shards were written; rows of the others become NaN
 */
export async function publishOutputs(
  plan: WritingPlan,
  counted: (shard: number) => boolean,
  access: Access | undefined,
  signal: AbortSignal,
): Promise<void> {
  const outputs = plan.outputs ?? { files: [], folders: [] };
  const local = filesWhere(outputs, false);
  for (const file of local) {
    expectPart(file);
    fillGaps(file, plan, counted);
  }
  const objects = new S3Objects(access);
  for (const file of filesWhere(outputs, true)) {
    const pieces = piecesOf(objects, file, plan, counted);
    await assembleObject(objects, file.target, pieces, { journal: journalOf(file), signal });
  }
  signal.throwIfAborted();
  for (const file of local) await publishPart(file);
}

/** What a shard that failed has begun to write goes too. */
function fillGaps({ part, type, shape }: OutputFile, plan: WritingPlan, counted: (shard: number) => boolean): void {
  const width = shape[1] ?? 1;
  const values = (type === 'f4' ? new Float32Array(FILL_VALUES) : new Float64Array(FILL_VALUES)).fill(Number.NaN);
  const file = openNpyPart(part);
  try {
    for (let shard = 0; shard < plan.shards; shard++) {
      if (counted(shard)) continue;
      const { start, end } = shardAt(plan, shard);
      for (let at = start * width; at < end * width; at += FILL_VALUES)
        file.write(at, values.subarray(0, Math.min(FILL_VALUES, end * width - at)));
    }
  } finally {
    file.close();
  }
}

function piecesOf(
  objects: S3Objects,
  file: OutputFile,
  plan: WritingPlan,
  counted: (shard: number) => boolean,
): Piece[] {
  const header = npyHeader(file.type, file.shape);
  if (plan.shards === 0) return [{ bytes: header.length, read: async () => header }];
  return Array.from({ length: plan.shards }, (_, shard) =>
    counted(shard) ? new ShardPiece(objects, file, shardAt(plan, shard)) : new GapPiece(file, shardAt(plan, shard)),
  );
}

class ShardPiece implements Piece {
  constructor(
    private readonly objects: S3Objects,
    private readonly file: OutputFile,
    private readonly shard: Shard,
  ) {}

  get bytes(): number {
    return shardObject(this.file, this.shard).bytes;
  }

  get from(): string {
    return shardObject(this.file, this.shard).uri;
  }

  async read(signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.objects.read(this.from, signal);
    if (bytes?.length === this.bytes) return bytes;
    throw new DataError(
      'FILE_NOT_WRITABLE',
      `${this.file.path} cannot be put together: ${this.from}, which holds some of its rows, ${bytes === null ? 'is gone' : `has ${bytes.length} bytes, not ${this.bytes}`}. Submit the evaluation again, and leave objects below .parts alone.`,
      { source: this.file.path },
    );
  }
}

class GapPiece implements Piece {
  constructor(
    private readonly file: OutputFile,
    private readonly shard: Shard,
  ) {}

  get bytes(): number {
    return shardObject(this.file, this.shard).bytes;
  }

  async read(): Promise<Uint8Array> {
    const { head, bytes } = shardObject(this.file, this.shard);
    const all = new Uint8Array(bytes);
    const rows = bytes - head.length;
    const values = this.file.type === 'f4' ? new Float32Array(rows / 4) : new Float64Array(rows / 8);
    all.set(head);
    all.set(new Uint8Array(values.fill(Number.NaN).buffer), head.length);
    return all;
  }
}

/** Removes all that stands under temporary names. */
export async function dropOutputs(outputs: OutputPlan, access: Access | undefined): Promise<void> {
  dropParts({ ...outputs, files: filesWhere(outputs, false) });
  const objects = new S3Objects(access);
  for (const file of filesWhere(outputs, true)) {
    await abandonUpload(objects, file.target, journalOf(file));
    await objects.removeAll(`${file.part}/`);
  }
}

/** Removes the objects of shards that a worker has written in vain. */
export async function dropShards(
  plan: WritingPlan,
  shards: readonly number[],
  access: Access | undefined,
): Promise<void> {
  const remote = filesWhere(plan.outputs ?? { files: [], folders: [] }, true);
  const objects = new S3Objects(access);
  for (const file of remote)
    for (const shard of shards) await objects.remove(shardObject(file, shardAt(plan, shard)).uri);
}
