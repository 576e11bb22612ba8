export * as binary from './binary.js';
export * as regression from './regression.js';
export * as rows from './rows.js';
