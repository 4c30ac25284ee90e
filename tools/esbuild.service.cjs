/** esbuild options of a long-running service: one minified ES module, top-level await allowed. */
module.exports = {
  ...require('./esbuild.lambda.cjs'),
  outExtension: { '.js': '.mjs' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
};
