export { type ClusterNodes, clusterMeans, clusterSpread } from './clusters.js';
export { FoldTree, type TreeNode } from './fold-tree.js';
export { type GroupNodes, groupMoments } from './group-moments.js';
export { mergeMoments, NODE, type Spread, spread, spreadOver } from './moments.js';
export { normalQuantile } from './normal.js';
export { compareRows, type RankedRow, TopK } from './top-k.js';
