// 1 for a wrong answer, 0 for a right one.

/** Four float64 rows from the masks of two and two: 1 where all bits are set. */
// @ts-ignore: decorator
@inline
function storePairs(out: usize, low: v128, high: v128): void {
  const one = f64x2.splat(1.0);
  v128.store(out, v128.and(low, one));
  v128.store(out, v128.and(high, one), 16);
}

/** Four float64 rows from the mask of four. */
// @ts-ignore: decorator
@inline
function storeMask(out: usize, mask: v128): void {
  storePairs(out, i64x2.extend_low_i32x4_s(mask), i64x2.extend_high_i32x4_s(mask));
}

/** 1 where exactly one of "x above the threshold" and "target positive" holds. */
// @ts-ignore: decorator
@inline
function runScores<T>(x: usize, y: usize, n: i32, threshold: T, out: usize): void {
  const bar = v128.splat<T>(threshold);
  const zero = v128.splat<T>(<T>0);
  let i: usize = 0;
  for (const end = <usize>n & ~3; i < end; i += 4) {
    const at = i * sizeof<T>();
    if (sizeof<T>() == 4) {
      storeMask(out + (i << 3), v128.xor(f32x4.gt(v128.load(x + at), bar), f32x4.gt(v128.load(y + at), zero)));
    } else {
      const low = v128.xor(f64x2.gt(v128.load(x + at), bar), f64x2.gt(v128.load(y + at), zero));
      const high = v128.xor(f64x2.gt(v128.load(x + at, 16), bar), f64x2.gt(v128.load(y + at, 16), zero));
      storePairs(out + (i << 3), low, high);
    }
  }
  for (; i < <usize>n; i++) {
    const said = load<T>(x + i * sizeof<T>()) > threshold;
    const wanted = load<T>(y + i * sizeof<T>()) > <T>0;
    store<f64>(out + (i << 3), <f64>(<i32>said ^ <i32>wanted));
  }
}

// @ts-ignore: decorator
@inline
function runLabels<T>(p: usize, y: usize, n: i32, out: usize): void {
  let i: usize = 0;
  for (const end = <usize>n & ~3; i < end; i += 4) {
    const at = i * sizeof<T>();
    if (sizeof<T>() == 4) storeMask(out + (i << 3), f32x4.ne(v128.load(p + at), v128.load(y + at)));
    else {
      const low = f64x2.ne(v128.load(p + at), v128.load(y + at));
      storePairs(out + (i << 3), low, f64x2.ne(v128.load(p + at, 16), v128.load(y + at, 16)));
    }
  }
  for (; i < <usize>n; i++) {
    store<f64>(out + (i << 3), load<T>(p + i * sizeof<T>()) == load<T>(y + i * sizeof<T>()) ? 0.0 : 1.0);
  }
}

/** How many of the values from `at` on, before `end`, beat `value`; with `ties` those that equal it too. */
// @ts-ignore: decorator
@inline
function ahead<T>(at: usize, end: usize, value: T, ties: bool): i32 {
  const bar = v128.splat<T>(value);
  let counts = i64x2.splat(0);
  for (; at + 16 <= end; at += 16) {
    const x = v128.load(at);
    if (sizeof<T>() == 4) counts = i32x4.sub(counts, ties ? f32x4.ge(x, bar) : f32x4.gt(x, bar));
    else counts = i64x2.sub(counts, ties ? f64x2.ge(x, bar) : f64x2.gt(x, bar));
  }
  let count: i32;
  if (sizeof<T>() == 4) {
    count = i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1);
    count += i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
  } else count = <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  for (; at < end; at += sizeof<T>()) {
    const x = load<T>(at);
    count += <i32>(ties ? x >= value : x > value);
  }
  return count;
}

/** 0 where fewer than k classes are ahead of the target's; of equal values the first class is ahead. */
// @ts-ignore: decorator
@inline
function runRanks<T>(x: usize, target: usize, rows: i32, C: i32, k: i32, out: usize): void {
  const stride = <usize>C * sizeof<T>();
  for (let i: usize = 0; i < <usize>rows; i++) {
    const y = load<i32>(target + (i << 2));
    let loss: f64 = 0;
    if (y >= 0) {
      const row = x + i * stride;
      const own = row + <usize>y * sizeof<T>();
      const value = load<T>(own);
      const rank = ahead<T>(row, own, value, true) + ahead<T>(own + sizeof<T>(), row + stride, value, false);
      loss = rank < k ? 0.0 : 1.0;
    }
    store<f64>(out + (i << 3), loss);
  }
}

/** n scores (or probabilities) against positive and other targets. */
export function zero_one_scores_f32(x: usize, y: usize, n: i32, threshold: f64, out: usize): void {
  runScores<f32>(x, y, n, <f32>threshold, out);
}

/** n scores (or probabilities) against positive and other targets. */
export function zero_one_scores_f64(x: usize, y: usize, n: i32, threshold: f64, out: usize): void {
  runScores<f64>(x, y, n, threshold, out);
}

/** n labels against n labels. */
export function zero_one_labels_f32(p: usize, y: usize, n: i32, out: usize): void {
  runLabels<f32>(p, y, n, out);
}

/** n labels against n labels. */
export function zero_one_labels_f64(p: usize, y: usize, n: i32, out: usize): void {
  runLabels<f64>(p, y, n, out);
}

/** Rows of C values against class targets, the k greatest counting as the answer. */
export function zero_one_ranks_f32(x: usize, target: usize, rows: i32, C: i32, k: i32, out: usize): void {
  runRanks<f32>(x, target, rows, C, k, out);
}

/** Rows of C values against class targets, the k greatest counting as the answer. */
export function zero_one_ranks_f64(x: usize, target: usize, rows: i32, C: i32, k: i32, out: usize): void {
  runRanks<f64>(x, target, rows, C, k, out);
}

/** n zeros: the gradient of a loss in steps, where it has one. */
export function zero_gradient_f32(n: i32, g: usize): void {
  memory.fill(g, 0, <usize>n << 2);
}

/** n zeros. */
export function zero_gradient_f64(n: i32, g: usize): void {
  memory.fill(g, 0, <usize>n << 3);
}
