// Plain sums of float32 row losses in float64, for the compiler to make the best of. The arrays are only read.
#include <cmath>

extern "C" double mse_f32(const float* p, const float* y, long n) {
  double sum = 0;
  for (long i = 0; i < n; i++) {
    const double e = p[i] - y[i];
    sum += e * e;
  }
  return sum;
}

extern "C" double mae_f32(const float* p, const float* y, long n) {
  double sum = 0;
  for (long i = 0; i < n; i++) sum += std::fabs(p[i] - y[i]);
  return sum;
}
