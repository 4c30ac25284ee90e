/** esbuild options of every Lambda bundle: one minified CommonJS file with the AWS SDK inside. */
const { bundleSizeReport } = require('./bundle-size-report.cjs');
const { lean, leanZod, usedSchemas } = require('./esbuild.lean.cjs');

module.exports = {
  plugins: [lean, usedSchemas, leanZod({ withJsonSchema: false }), bundleSizeReport],
  target: 'node24',
  // The ESM builds of the SDK shake to two thirds of the CommonJS ones that esbuild would take for platform node.
  mainFields: ['module', 'main'],
  // A CommonJS bundle has no import.meta.
  define: { 'import.meta.dirname': '__dirname' },
  legalComments: 'none',
  sourcesContent: false,
  outExtension: { '.js': '.cjs' },
};
