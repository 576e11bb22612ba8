/** ms. Tells what hangs from what is slow: a busy machine takes its time. What must be quick says so itself. */
export const PATIENCE = 120_000;
