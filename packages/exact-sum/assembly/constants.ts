// A vector constant in memory: V8 builds one written in a loop anew at each use, while one loaded before the loop keeps its register.

/** Adding it subtracts 1 from integers. */
export const MINUS_ONE: usize = memory.data<i64>([-1, -1], 16);
