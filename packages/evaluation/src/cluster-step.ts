import { groupMoments } from '@lossmill/statistics';
import type { RowBatch } from './batch.js';
import type { Chunk } from './chunk.js';
import { MOST_CLUSTERS, sequenceRuns, tooManyClusters } from './clusters.js';
import type { Entered } from './loss-step.js';
import { BLOCK, type Plan } from './plan.js';
import { SequenceIndex } from './sequence-index.js';
import { SliceBlocks } from './slice-blocks.js';
import { type GroupIndex, SliceGroups } from './slice-groups.js';
import { SliceIndex } from './slice-index.js';

/** The clusters of one batch after the other: moments only, which the fold tree sums in its fixed order. */
export class ClusterStep {
  readonly #index: GroupIndex;
  readonly #losses: number;
  readonly #groups: SliceGroups;
  readonly #blocks: SliceBlocks;

  constructor({ spec, handle }: Plan, chunk: Chunk, losses: number, rows: number) {
    this.#index = indexOf(spec, handle, chunk);
    this.#losses = losses;
    this.#groups = new SliceGroups(rows);
    this.#blocks = new SliceBlocks(losses, rows / BLOCK);
  }

  /** Group id -> key. */
  get keys(): readonly string[] {
    return this.#index.keys;
  }

  /** Finds the clusters of a batch's rows and makes room for their moments; before `run`. */
  group(batch: RowBatch): SliceBlocks {
    this.#groups.fill(batch, this.#index, this.#blocks);
    return this.#blocks;
  }

  run(batch: RowBatch, loss: number, { values, weights }: Entered): void {
    const target = { nodes: this.#blocks.nodes, stride: this.#losses, offset: loss };
    groupMoments(values, weights, this.#groups.entries, 0, batch.counted, target);
  }
}

function indexOf({ clusters, columns }: Plan['spec'], { description }: Plan['handle'], chunk: Chunk): GroupIndex {
  const buffer = columns.cluster === null ? undefined : chunk.groups.get(columns.cluster);
  if (clusters === 'column' && columns.cluster !== null && buffer) {
    const { cluster } = columns;
    return new SliceIndex([cluster], [buffer], { most: MOST_CLUSTERS, tooMany: () => tooManyClusters(cluster) });
  }
  return new SequenceIndex(sequenceRuns(description, columns.prediction[0]) ?? []);
}
