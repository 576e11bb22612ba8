/**
 * Constants of exp and log1p, read by the AssemblyScript kernels and by their TypeScript twins alike, so that neither can drift.
 * Polynomials are minimax fits (Remez, 60 digits): EXP_* approximates (e^r - 1 - r) / r^2 on |r| <= ln2 / 2, relative error of
 * 1 + r + r^2 q(r) below 2^-23.1 (F32) and 2^-57.9 (F64). LOG_* approximates Q in log(1 + f) = f - s (f - s^2 Q(s^2)), s = f / (2 + f):
 * UNIT for 0 <= f <= 1 (below 2^-27.7 and 2^-64), MANTISSA for sqrt(1/2) - 1 <= f <= sqrt(2) - 1 (below 2^-30 and 2^-66).
 */
export const LOG2E = 1.4426950408889634;

/** ln 2 cut in two, the first with few enough bits that its product with any exponent is exact. */
export const LN2_HIGH_F32 = 0.693359375;
export const LN2_LOW_F32 = -0.00021219444170128554;
export const LN2_HIGH_F64 = 0.6931471803691238;
export const LN2_LOW_F64 = 1.9082149292705877e-10;

/** Adding it rounds to an integer; the exponent bias and, but for PLAIN, the scale 2^24 (2^64) ride on it. */
export const ROUND_F32 = 12583063.0;
export const ROUND_PLAIN_F32 = 12583039.0;
export const ROUND_F64 = 6755399441056831.0;
export const EXP_UNSCALE_F32 = 5.9604644775390625e-8;
export const EXP_UNSCALE_F64 = 5.421010862427522e-20;

/** Arguments below are raised to these: the true value rounds to zero once unscaled. */
export const EXP_LEAST_F32 = -104.0;
export const EXP_LEAST_F64 = -750.0;

export const EXP_F32_0 = 0.4999922585252954;
export const EXP_F32_1 = 0.16667118172936224;
export const EXP_F32_2 = 0.04189098711406914;
export const EXP_F32_3 = 0.008312429986068305;

export const EXP_F64_0 = 0.5000000000000011;
export const EXP_F64_1 = 0.16666666666666408;
export const EXP_F64_2 = 0.0416666666665281;
export const EXP_F64_3 = 0.008333333333496923;
export const EXP_F64_4 = 0.0013888888944249196;
export const EXP_F64_5 = 0.0001984126950274092;
export const EXP_F64_6 = 2.480149238828576e-5;
export const EXP_F64_7 = 2.7557588421266513e-6;
export const EXP_F64_8 = 2.7630523469856495e-7;
export const EXP_F64_9 = 2.4999858279795606e-8;

export const LOG_UNIT_F32_0 = 0.6666641609916149;
export const LOG_UNIT_F32_1 = 0.40021538131311;
export const LOG_UNIT_F32_2 = 0.28001628869628203;
export const LOG_UNIT_F32_3 = 0.28012837739155;

export const LOG_MANTISSA_F32_0 = 0.6666677946394095;
export const LOG_MANTISSA_F32_1 = 0.3997711226699926;
export const LOG_MANTISSA_F32_2 = 0.29884394587144864;

export const LOG_UNIT_F64_0 = 0.6666666666666667;
export const LOG_UNIT_F64_1 = 0.39999999999994057;
export const LOG_UNIT_F64_2 = 0.28571428572498037;
export const LOG_UNIT_F64_3 = 0.22222222126368166;
export const LOG_UNIT_F64_4 = 0.1818182316431844;
export const LOG_UNIT_F64_5 = 0.15384452958926542;
export const LOG_UNIT_F64_6 = 0.1333678836211691;
export const LOG_UNIT_F64_7 = 0.1171614075927626;
export const LOG_UNIT_F64_8 = 0.10971284053685483;
export const LOG_UNIT_F64_9 = 0.06999132095552961;
export const LOG_UNIT_F64_10 = 0.16459609010225004;

export const LOG_MANTISSA_F64_0 = 0.6666666666666666;
export const LOG_MANTISSA_F64_1 = 0.4000000000000668;
export const LOG_MANTISSA_F64_2 = 0.28571428568946133;
export const LOG_MANTISSA_F64_3 = 0.2222222266794245;
export const LOG_MANTISSA_F64_4 = 0.18181773966942313;
export const LOG_MANTISSA_F64_5 = 0.15387165269614742;
export const LOG_MANTISSA_F64_6 = 0.13248433263358153;
export const LOG_MANTISSA_F64_7 = 0.1326668759565542;

/** 2 sinh(a / 2) = a (1 + a^2 / 24 + ...), Taylor: the first term left out is below 2^-60 of it for a <= 1. */
export const SINH_1 = 1.0 / 24.0;
export const SINH_2 = 1.0 / 1920.0;
export const SINH_3 = 1.0 / 322560.0;
export const SINH_4 = 1.0 / 92897280.0;
export const SINH_5 = 1.0 / 40874803200.0;
export const SINH_6 = 1.0 / 25505877196800.0;

/** log(t!) = t (t - 1) P(t - 1/2) for 0 <= t <= 1: P interpolated at Chebyshev nodes, relative error below 2^-61. */
export const FACTORIAL_0 = 0.4831289505409809;
export const FACTORIAL_1 = -0.14595989591430608;
export const FACTORIAL_2 = 0.06291140107456494;
export const FACTORIAL_3 = -0.031308487501009494;
export const FACTORIAL_4 = 0.016797098631185916;
export const FACTORIAL_5 = -0.009425622448625905;
export const FACTORIAL_6 = 0.005446457844650585;
export const FACTORIAL_7 = -0.003212074069736748;
export const FACTORIAL_8 = 0.0019229161355079497;
export const FACTORIAL_9 = -0.0011644146716071257;
export const FACTORIAL_10 = 0.0007115223848906008;
export const FACTORIAL_11 = -0.00043799193485690124;
export const FACTORIAL_12 = 0.00027127505354773154;
export const FACTORIAL_13 = -0.00016892719402703723;
export const FACTORIAL_14 = 0.00010564474884131882;
export const FACTORIAL_15 = -6.609271409301556e-5;
export const FACTORIAL_16 = 4.1635136148902716e-5;
export const FACTORIAL_17 = -2.7356444761067124e-5;
export const FACTORIAL_18 = 1.734263784459851e-5;
export const FACTORIAL_19 = -8.07952925042159e-6;
export const FACTORIAL_20 = 5.129828644815147e-6;
export const FACTORIAL_21 = -7.970873319492813e-6;
export const FACTORIAL_22 = 5.1046182161001864e-6;

/** Stirling: log(y!) = (x - 1/2)(log x - 1) + log(2 pi)/2 - 1/2 + 1/(12 x) - ..., x = y + 1; seven terms suffice for x >= 9. */
export const STIRLING_0 = 1.0 / 12.0;
export const STIRLING_1 = -1.0 / 360.0;
export const STIRLING_2 = 1.0 / 1260.0;
export const STIRLING_3 = -1.0 / 1680.0;
export const STIRLING_4 = 1.0 / 1188.0;
export const STIRLING_5 = -691.0 / 360360.0;
export const STIRLING_6 = 1.0 / 156.0;
/** log(2 pi) / 2. */
export const HALF_LOG_TWO_PI = 0.9189385332046728;
