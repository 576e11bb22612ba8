export const LIBRARIES = ['torch', 'keras', 'sklearn', 'tfjs', 'onnx'] as const;

export type Library = (typeof LIBRARIES)[number];

/**
 * What a sum of weight * loss is divided by. weight: row weights times class weights; rows: rows that count; nonzero: rows whose weight
 * is not 0; elements: rows times C; weight_elements: row weights times C.
 */
export type Denominator = 'weight' | 'rows' | 'nonzero' | 'elements' | 'weight_elements';
