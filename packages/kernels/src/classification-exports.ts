/** Kernels for class and probability targets. Pointers are byte offsets into the instance's memory. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the classification kernels.
export interface ClassificationExports {}
