export * from './loss/brier-binary.js';
export * from './loss/brier-classes.js';
export * from './loss/cosine.js';
export * from './loss/focal.js';
export * from './loss/kl-div.js';
export * from './loss/margin.js';
export * from './loss/multi-margin.js';
export * from './loss/zero-one.js';
