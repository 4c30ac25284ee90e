/** esbuild options of a long-running service: minified ES modules, top-level await allowed. */
const { bundleSizeReport } = require('./bundle-size-report.cjs');

module.exports = {
  ...require('./esbuild.lambda.cjs'),
  // A service gets its credentials from where it runs: Pod Identity, a machine's metadata, a laptop's profile.
  plugins: [bundleSizeReport],
  // Without it, what a dynamic import reaches is begun by that import alone: what else uses it finds it empty.
  splitting: true,
  outExtension: { '.js': '.mjs' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
};
