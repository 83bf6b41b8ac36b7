'use strict';
// The benchmark service and its load on grpc-js.

const { once } = require('node:events');
const { setTimeout: sleep } = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');

const { credentials } = require('./client');
const messages = require('./messages');
const { listen } = require('./service');

const handlers = {
  Exchange: (call, callback) => callback(null, { body: Buffer.alloc(call.request.size) }),
  Stream: async call => {
    const { size, count } = call.request;
    const body = Buffer.alloc(size);
    const left = once(call, 'cancelled');
    for (let sent = 0; (count === 0 || sent < count) && !call.cancelled; sent++) {
      if (!call.write({ body })) await Promise.race([once(call, 'drain'), left]);
    }
    call.end();
  },
};

function start(settings) {
  return listen(settings, messages.load(settings.protos, 'benchmark').BenchmarkService.service, handlers);
}

// Each goes on for ever, and counts.
const loads = {
  async unary(stub, bytes, counter) {
    const body = Buffer.alloc(bytes);
    while (true) {
      await new Promise((resolve, reject) => stub.Exchange({ size: bytes, body }, error => error ? reject(error) : resolve()));
      counter.count++;
    }
  },

  stream(stub, bytes, counter) {
    return new Promise((_, reject) => stub.Stream({ size: bytes }).on('data', () => { counter.count++; }).on('error', reject));
  },

  async open(stub, bytes, counter) {
    while (true) {
      await new Promise((resolve, reject) => stub.Stream({ size: bytes, count: 1 }).on('data', () => {}).on('error', reject).on('end', resolve));
      counter.count++;
    }
  },
};

// Loads the server until the standard input ends, and reports every window.
async function run({ workload, window, ...settings }, report) {
  const [kind, concurrency, bytes] = workload.split(':');
  const stub = new (messages.load(settings.protos, 'benchmark').BenchmarkService)(settings.address, credentials(settings), { 'grpc.use_local_subchannel_pool': 1 });
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
  const counter = { count: 0 };
  let [before, started] = [0, performance.now()];
  const workers = Promise.all(Array.from({ length: Number(concurrency) }, () => loads[kind](stub, Number(bytes), counter)));
  while (true) {
    await Promise.race([sleep(parseFloat(window) * 1000), workers]);
    const [count, now] = [counter.count, performance.now()];
    report({ workload, perSecond: (count - before) / (now - started) * 1000 });
    [before, started] = [count, now];
  }
}

module.exports = { run, start };
