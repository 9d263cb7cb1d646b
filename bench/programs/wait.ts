/** Waits: the floor under whatever asks over a network. Usage: wait.ts MILLISECONDS */
const [milliseconds = '0'] = process.argv.slice(2);
await new Promise((done) => setTimeout(done, Number(milliseconds)));
