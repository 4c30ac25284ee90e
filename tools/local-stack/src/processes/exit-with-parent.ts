// Preloaded into a process of the stack: when the stack is gone, however it went, the process ends itself gracefully.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The listener alone must not keep a process alive that has finished.
process.channel?.unref();
