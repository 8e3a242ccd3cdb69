/*
 * What one would write in C today: the usual three passes with AVX-512 intrinsics, four vectors at a time, the tail
 * under a mask, short rows in registers. It is the mark that the Java kernels are measured against, and the passes over
 * memory at the end are the limits that no kernel can beat.
 *
 * Every function has the same signature, so that one descriptor serves all. A row-major matrix is contiguous; out may be
 * x. The result is a loss or a sum; 0 where there is none.
 */
#ifndef __AVX512F__
#error "no AVX-512"
#endif
#include <immintrin.h>
#include <math.h>
#include <string.h>

#define FUNCTION(name) \
    __attribute__((noinline, visibility("default"))) double name(const float *x, float *out, const int *labels, int rows, int cols)
#define INLINE static inline __attribute__((always_inline))

enum { LANES = 16, STEP = 4 * LANES, TILE = 4096 };

/* A factor that changes no magnitude, however often it is applied, and that the compiler does not know. */
volatile float minus_one = -1;

INLINE __mmask16 tail(int n) { return n >= LANES ? 0xffff : (__mmask16)((1u << n) - 1); }

INLINE __m512 load(const float *x, int n) { return _mm512_mask_loadu_ps(_mm512_set1_ps(-INFINITY), tail(n), x); }

/*
 * e^x 2^-k: the row's maximum enters as a power of two that costs nothing, and loses no bits as x - max would. Rounding
 * of x / ln 2 by a large constant leaves n - k in the low bits, which are shifted into place and added to the exponent;
 * what underflows is 0. The polynomial is of degree 5 (Remez exchange for the relative error on [-ln 2 / 2, ln 2 / 2],
 * which is 0.93e-7) and the step back by n ln 2 goes in two, as in XNNPACK's kernels: together within 2e-7 of exp.
 */
typedef struct { __m512 rounder, smallest; int k; } Shift;

INLINE Shift shift(float max) {
    int k = (int)lrintf(max * 1.44269504f);
    return (Shift){_mm512_set1_ps(0x1.8p23f - k), _mm512_set1_ps((k - 126) * 0.693147181f), k};
}

INLINE __m512 exp_shifted(__m512 x, Shift s) {
    __m512 rounded = _mm512_fmadd_ps(x, _mm512_set1_ps(0x1.715476p0f), s.rounder);
    __m512 n = _mm512_sub_ps(rounded, s.rounder);
    __m512 t = _mm512_fnmadd_ps(n, _mm512_set1_ps(0x1.62e43p-1f), x);
    t = _mm512_fmadd_ps(n, _mm512_set1_ps(0x1.05c61p-29f), t);
    __m512 p = _mm512_fmadd_ps(t, _mm512_set1_ps(0x1.0fa7d8p-7f), _mm512_set1_ps(0x1.573ad0p-5f));
    p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(0x1.555a6ep-3f));
    p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(0x1.fffdc4p-2f));
    p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(0x1.fffff6p-1f));
    p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(1));
    __mmask16 normal = _mm512_cmp_ps_mask(x, s.smallest, _CMP_GE_OQ);
    /* p is in [0.7, 1.42]: adding n - k to its exponent multiplies it. */
    __m512i exponent = _mm512_slli_epi32(_mm512_castps_si512(rounded), 23);
    return _mm512_castsi512_ps(_mm512_maskz_add_epi32(normal, _mm512_castps_si512(p), exponent));
}

INLINE float row_max(const float *x, int n) {
    __m512 a = _mm512_set1_ps(-INFINITY), b = a, c = a, d = a;
    int i = 0;
    for (; i + STEP <= n; i += STEP) {
        a = _mm512_max_ps(a, _mm512_loadu_ps(x + i));
        b = _mm512_max_ps(b, _mm512_loadu_ps(x + i + LANES));
        c = _mm512_max_ps(c, _mm512_loadu_ps(x + i + 2 * LANES));
        d = _mm512_max_ps(d, _mm512_loadu_ps(x + i + 3 * LANES));
    }
    for (; i < n; i += LANES) {
        a = _mm512_max_ps(a, load(x + i, n - i));
    }
    return _mm512_reduce_max_ps(_mm512_max_ps(_mm512_max_ps(a, b), _mm512_max_ps(c, d)));
}

/* The sum of the shifted terms, which are stored if out is not null; tiles are added in double. */
INLINE double row_exp_sum(const float *x, float *out, int n, Shift s) {
    double sum = 0;
    int i = 0;
    while (i < n) {
        int end = n - i < TILE ? n : i + TILE;
        __m512 a = _mm512_setzero_ps(), b = a, c = a, d = a;
        for (; i + STEP <= end; i += STEP) {
            __m512 e = exp_shifted(_mm512_loadu_ps(x + i), s);
            __m512 f = exp_shifted(_mm512_loadu_ps(x + i + LANES), s);
            __m512 g = exp_shifted(_mm512_loadu_ps(x + i + 2 * LANES), s);
            __m512 h = exp_shifted(_mm512_loadu_ps(x + i + 3 * LANES), s);
            if (out) {
                _mm512_storeu_ps(out + i, e);
                _mm512_storeu_ps(out + i + LANES, f);
                _mm512_storeu_ps(out + i + 2 * LANES, g);
                _mm512_storeu_ps(out + i + 3 * LANES, h);
            }
            a = _mm512_add_ps(a, e);
            b = _mm512_add_ps(b, f);
            c = _mm512_add_ps(c, g);
            d = _mm512_add_ps(d, h);
        }
        for (; i < end; i += LANES) {
            __m512 e = exp_shifted(load(x + i, end - i), s);
            if (out) {
                _mm512_mask_storeu_ps(out + i, tail(end - i), e);
            }
            a = _mm512_add_ps(a, e);
        }
        sum += _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(a, b), _mm512_add_ps(c, d)));
    }
    return sum;
}

INLINE void row_scale(const float *x, float *out, int n, float factor) {
    __m512 f = _mm512_set1_ps(factor);
    int i = 0;
    for (; i + STEP <= n; i += STEP) {
        _mm512_storeu_ps(out + i, _mm512_mul_ps(_mm512_loadu_ps(x + i), f));
        _mm512_storeu_ps(out + i + LANES, _mm512_mul_ps(_mm512_loadu_ps(x + i + LANES), f));
        _mm512_storeu_ps(out + i + 2 * LANES, _mm512_mul_ps(_mm512_loadu_ps(x + i + 2 * LANES), f));
        _mm512_storeu_ps(out + i + 3 * LANES, _mm512_mul_ps(_mm512_loadu_ps(x + i + 3 * LANES), f));
    }
    for (; i < n; i += LANES) {
        __m512 v = _mm512_mul_ps(load(x + i, n - i), f);
        _mm512_mask_storeu_ps(out + i, tail(n - i), v);
    }
}

INLINE void row_subtract(const float *x, float *out, int n, float subtrahend) {
    __m512 s = _mm512_set1_ps(subtrahend);
    int i = 0;
    for (; i + STEP <= n; i += STEP) {
        _mm512_storeu_ps(out + i, _mm512_sub_ps(_mm512_loadu_ps(x + i), s));
        _mm512_storeu_ps(out + i + LANES, _mm512_sub_ps(_mm512_loadu_ps(x + i + LANES), s));
        _mm512_storeu_ps(out + i + 2 * LANES, _mm512_sub_ps(_mm512_loadu_ps(x + i + 2 * LANES), s));
        _mm512_storeu_ps(out + i + 3 * LANES, _mm512_sub_ps(_mm512_loadu_ps(x + i + 3 * LANES), s));
    }
    for (; i < n; i += LANES) {
        __m512 v = _mm512_sub_ps(load(x + i, n - i), s);
        _mm512_mask_storeu_ps(out + i, tail(n - i), v);
    }
}

INLINE double log_sum_exp_of(double sum, Shift s) { return log(sum) + s.k * 0.69314718055994531; }

/* A row of up to `vectors` vectors, which stay in registers; factor is what the probabilities are multiplied by. */
INLINE void row_softmax_in_registers(const float *x, float *out, int n, int vectors, float factor) {
    __m512 v[4];
    __m512 max = _mm512_set1_ps(-INFINITY);
    for (int j = 0; j < vectors; j++) {
        v[j] = load(x + j * LANES, n - j * LANES);
        max = _mm512_max_ps(max, v[j]);
    }
    Shift s = shift(_mm512_reduce_max_ps(max));
    __m512 sum = _mm512_setzero_ps();
    for (int j = 0; j < vectors; j++) {
        v[j] = exp_shifted(v[j], s);
        sum = _mm512_add_ps(sum, v[j]);
    }
    __m512 scale = _mm512_set1_ps(factor / _mm512_reduce_add_ps(sum));
    for (int j = 0; j < vectors; j++) {
        _mm512_mask_storeu_ps(out + j * LANES, tail(n - j * LANES), _mm512_mul_ps(v[j], scale));
    }
}

INLINE void row_softmax(const float *x, float *out, int n) {
    switch ((n + LANES - 1) / LANES) {
        case 1: row_softmax_in_registers(x, out, n, 1, 1); return;
        case 2: row_softmax_in_registers(x, out, n, 2, 1); return;
        case 3: row_softmax_in_registers(x, out, n, 3, 1); return;
        case 4: row_softmax_in_registers(x, out, n, 4, 1); return;
    }
    double sum = row_exp_sum(x, out, n, shift(row_max(x, n)));
    row_scale(out, out, n, (float)(1 / sum));
}

INLINE double row_log_sum_exp(const float *x, int n) {
    Shift s = shift(row_max(x, n));
    return log_sum_exp_of(row_exp_sum(x, NULL, n, s), s);
}

FUNCTION(softmax) {
    for (int r = 0; r < rows; r++) {
        row_softmax(x + (long)r * cols, out + (long)r * cols, cols);
    }
    return 0;
}

FUNCTION(log_softmax) {
    for (int r = 0; r < rows; r++) {
        const float *row = x + (long)r * cols;
        row_subtract(row, out + (long)r * cols, cols, (float)row_log_sum_exp(row, cols));
    }
    return 0;
}

FUNCTION(log_sum_exp) {
    for (int r = 0; r < rows; r++) {
        out[r] = (float)row_log_sum_exp(x + (long)r * cols, cols);
    }
    return 0;
}

FUNCTION(cross_entropy) {
    double loss = 0;
    for (int r = 0; r < rows; r++) {
        const float *row = x + (long)r * cols;
        loss += row_log_sum_exp(row, cols) - row[labels[r]];
    }
    return loss / rows;
}

FUNCTION(cross_entropy_and_gradient) {
    double loss = 0;
    for (int r = 0; r < rows; r++) {
        const float *row = x + (long)r * cols;
        float *gradient = out + (long)r * cols;
        float logit = row[labels[r]];
        Shift s = shift(row_max(row, cols));
        double sum = row_exp_sum(row, gradient, cols, s);
        row_scale(gradient, gradient, cols, (float)(1 / (sum * rows)));
        gradient[labels[r]] -= 1.0f / rows;
        loss += log_sum_exp_of(sum, s) - logit;
    }
    return loss / rows;
}

/* The same softmax again and again, called from C: labels[0] times. */
FUNCTION(softmax_repeated) {
    for (int i = 0; i < labels[0]; i++) {
        softmax(x, out, labels, rows, cols);
        __asm__ volatile("" ::: "memory");
    }
    return 0;
}

FUNCTION(read) {
    long n = (long)rows * cols;
    __m512 a = _mm512_setzero_ps(), b = a, c = a, d = a;
    long i = 0;
    for (; i + STEP <= n; i += STEP) {
        a = _mm512_add_ps(a, _mm512_loadu_ps(x + i));
        b = _mm512_add_ps(b, _mm512_loadu_ps(x + i + LANES));
        c = _mm512_add_ps(c, _mm512_loadu_ps(x + i + 2 * LANES));
        d = _mm512_add_ps(d, _mm512_loadu_ps(x + i + 3 * LANES));
    }
    for (; i < n; i += LANES) {
        a = _mm512_add_ps(a, _mm512_maskz_loadu_ps(tail((int)(n - i)), x + i));
    }
    return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(a, b), _mm512_add_ps(c, d)));
}

FUNCTION(copy) {
    memcpy(out, x, sizeof(float) * rows * cols);
    return 0;
}

FUNCTION(scale_and_copy) {
    row_scale(x, out, rows * cols, minus_one);
    return 0;
}

FUNCTION(scale) {
    row_scale(x, out, rows * cols, minus_one);
    return 0;
}

/* As many multiply-adds as a matrix has elements, 16 at a time, in registers: the limit of the processor. */
FUNCTION(multiply_add) {
    long steps = (long)rows * cols / (16 * LANES);
    __m512 a = _mm512_loadu_ps(x), b = _mm512_loadu_ps(x + LANES), sums[16];
    for (int i = 0; i < 16; i++) {
        sums[i] = _mm512_setzero_ps();
    }
    for (long step = 0; step < steps; step++) {
        for (int i = 0; i < 16; i++) {
            sums[i] = _mm512_fmadd_ps(a, b, sums[i]);
        }
    }
    double sum = 0;
    for (int i = 0; i < 16; i++) {
        sum += _mm512_reduce_add_ps(sums[i]);
    }
    return sum;
}
