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

// Each runs until it is told to stop, and counts.
const loads = {
  async unary(stub, bytes, run) {
    const body = Buffer.alloc(bytes);
    while (!run.stopped) {
      await new Promise((resolve, reject) => stub.Exchange({ size: bytes, body }, error => error ? reject(error) : resolve()));
      run.count++;
    }
  },

  stream(stub, bytes, run) {
    return new Promise((resolve, reject) => {
      const call = stub.Stream({ size: bytes });
      call.on('data', () => { run.count++; });
      call.on('error', error => run.stopped ? resolve() : reject(error));
      run.onStop.push(() => call.cancel());
    });
  },

  async open(stub, bytes, run) {
    while (!run.stopped) {
      await new Promise((resolve, reject) => stub.Stream({ size: bytes, count: 1 }).on('data', () => {}).on('error', reject).on('end', resolve));
      run.count++;
    }
  },
};

async function measure(settings, workload, report) {
  const [kind, concurrency, bytes] = workload.split(':');
  const stub = new (messages.load(settings.protos, 'benchmark').BenchmarkService)(settings.address, credentials(settings), { 'grpc.use_local_subchannel_pool': 1 });
  const run = { count: 0, stopped: false, onStop: [] };
  const workers = Array.from({ length: Number(concurrency) }, () => loads[kind](stub, Number(bytes), run));
  await sleep(parseFloat(settings.warmUp) * 1000);
  const [before, started] = [run.count, performance.now()];
  await sleep(parseFloat(settings.measure) * 1000);
  const perSecond = (run.count - before) / (performance.now() - started) * 1000;
  run.stopped = true;
  run.onStop.forEach(stop => stop());
  await Promise.all(workers);
  stub.close();
  report({ workload, perSecond });
}

async function run(settings, report) {
  for (const workload of settings.workloads) await measure(settings, workload, report);
}

module.exports = { run, start };
