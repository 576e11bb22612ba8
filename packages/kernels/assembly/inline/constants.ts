// Vector constants in memory. V8 builds a constant written in a loop anew at each use (three instructions); one loaded before the loop
// stays in its register.

/** Loads as -1 in each lane: adding it subtracts 1 from integers. */
export const MINUS_ONE: usize = memory.data<i64>([-1, -1], 16);
/** Clears the sign of float32 and of float64 lanes. */
export const MAGNITUDE_F32: usize = memory.data<i32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16);
export const MAGNITUDE_F64: usize = memory.data<i64>([0x7fffffffffffffff, 0x7fffffffffffffff], 16);
export const HALF_F64: usize = memory.data<f64>([0.5, 0.5], 16);
export const HALF_F32: usize = memory.data<f32>([0.5, 0.5, 0.5, 0.5], 16);
