/** Exit codes of the command. */
export const EXIT = { done: 0, exceeded: 1, failed: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
