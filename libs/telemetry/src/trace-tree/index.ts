export * from './segment-document.ts';
export * from './trace-tree.ts';
