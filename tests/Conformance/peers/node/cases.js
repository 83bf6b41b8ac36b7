'use strict';
// The cases, run by a grpc-js client. README.md of the conformance tests says what each one shows.

const assert = require('node:assert/strict');
const { setTimeout: sleep } = require('node:timers/promises');
const { status: codes } = require('@grpc/grpc-js');

const { Client } = require('./client');
const messages = require('./messages');
const { ECHO_INITIAL, ECHO_TRAILING } = require('./service');

const SPECIAL_MESSAGE = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n';
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

// grpc-js's flag of a message that is sent as it is on a compressing channel.
const NO_COMPRESS = 2;

// Awaits a call that must fail and returns its error.
async function expectFailure(call, code, message) {
  const error = await call.then(() => assert.fail(`the call succeeded; expected ${codes[code]}`), failure => failure);
  assert.equal(error.code, code, `status ${codes[error.code] ?? error.stack} (${error.details})`);
  if (message !== undefined) assert.equal(error.details, message);
  return error;
}

const atOnce = {
  async empty_unary(client) {
    assert.deepEqual({ ...await client.empty() }, {});
  },

  async large_unary(client) {
    assert.equal(await client.unary({ response_size: 314159, payload: 271828 }), 314159);
  },

  async client_streaming(client) {
    assert.equal(await client.streamingInput([{ size: 27182 }, { size: 8 }, { size: 1828 }, { size: 45904 }]), 74922);
  },

  async server_streaming(client) {
    const sizes = [31415, 9, 2653, 58979];
    assert.deepEqual(await client.streamingOutput(sizes.map(size => ({ size }))), sizes);
  },

  async ping_pong(client) {
    const stream = client.fullDuplex();
    for (const [request, response] of [[27182, 31415], [8, 9], [1828, 2653], [45904, 58979]]) {
      stream.send(request, response);
      assert.equal(await stream.receive(), response);
    }
    stream.complete();
    assert.equal(await stream.receive(), null);
  },

  async empty_stream(client) {
    const stream = client.fullDuplex();
    stream.complete();
    assert.equal(await stream.receive(), null);
    assert.equal((await stream.status).code, codes.OK);
  },

  async cancel_after_begin(client) {
    await expectFailure(client.cancelledStreamingInput(), codes.CANCELLED);
    await client.empty();
  },

  async cancel_after_first_response(client) {
    const stream = client.fullDuplex();
    stream.send(27182, 31415, [31415, 10_000]);
    assert.equal(await stream.receive(), 31415);
    stream.call.cancel();
    await expectFailure(stream.receive(), codes.CANCELLED);
    await client.empty();
  },

  async timeout_on_sleeping_server(client) {
    const stream = client.fullDuplex({ timeoutMillis: 1000 });
    stream.send(27182, [31415, 10_000]);
    await expectFailure(stream.receive(), codes.DEADLINE_EXCEEDED);
  },

  async custom_metadata(client) {
    const metadata = [[ECHO_INITIAL, 'test_initial_metadata_value'], [ECHO_TRAILING, EVERY_BYTE]];
    const check = (headers, trailers) => {
      assert.deepEqual(headers.get(ECHO_INITIAL), ['test_initial_metadata_value']);
      assert.deepEqual(trailers.get(ECHO_TRAILING), [EVERY_BYTE]);
    };
    const { headers, trailers } = await client.unaryCall({ response_size: 1 }, { metadata });
    check(headers, trailers);
    const stream = client.fullDuplex({ metadata });
    stream.send(1, 1);
    assert.equal(await stream.receive(), 1);
    stream.complete();
    assert.equal(await stream.receive(), null);
    check(stream.headers, (await stream.status).metadata);
  },

  async repeated_binary_metadata(client) {
    const sent = [Buffer.from([0xab, 0xab, 0xab]), EVERY_BYTE];
    const { trailers } = await client.unaryCall({ response_size: 1 }, { metadata: sent.map(value => [ECHO_TRAILING, value]) });
    assert.deepEqual(trailers.get(ECHO_TRAILING), sent);
  },

  async status_code_and_message(client) {
    const status = { code: codes.UNKNOWN, message: 'test status message' };
    await expectFailure(client.unary({ response_status: status }), codes.UNKNOWN, status.message);
    const stream = client.fullDuplex();
    stream.sendStatus(status);
    await expectFailure(stream.receive(), codes.UNKNOWN, status.message);
  },

  async special_status_message(client) {
    await expectFailure(client.unary({ response_status: { code: codes.UNKNOWN, message: SPECIAL_MESSAGE } }), codes.UNKNOWN, SPECIAL_MESSAGE);
  },

  async status_details(client) {
    const errorInfo = messages.codec(client.settings.protos, 'ErrorInfo');
    const rpcStatus = messages.codec(client.settings.protos, 'RpcStatus');
    const value = errorInfo.encode({ reason: 'VM_NOT_READY', domain: 'failback.hyperv', metadata: { vm: 'sql-01 ☺' } }).finish();
    const status = { code: codes.FAILED_PRECONDITION, message: 'not ready', details: [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value }] };
    const error = await expectFailure(client.unary({ response_status: status }), codes.FAILED_PRECONDITION, 'not ready');
    const received = rpcStatus.decode(error.metadata.get('grpc-status-details-bin')[0]);
    assert.deepEqual(rpcStatus.encode(received).finish(), rpcStatus.encode(status).finish());
  },

  async unimplemented_method(client) {
    await expectFailure(client.call('hostagent.conformance.v1.TestService', 'UnimplementedCall'), codes.UNIMPLEMENTED);
  },

  async unimplemented_service(client) {
    await expectFailure(client.call('hostagent.conformance.v1.UnimplementedService', 'Call'), codes.UNIMPLEMENTED);
  },

  async client_compressed_unary(client) {
    // The probe: a server that cannot tell would let a client believe that it compresses.
    await expectFailure(client.unary({ payload: 271828, expect_compressed: true }), codes.INVALID_ARGUMENT);
    await client.compressing(async compressing => {
      assert.equal(await compressing.unary({ response_size: 314159, payload: 271828, expect_compressed: true }), 314159);
    });
    assert.equal(await client.unary({ response_size: 314159, payload: 271828 }), 314159);
  },

  async client_compressed_streaming(client) {
    await client.compressing(async compressing => {
      assert.equal(await compressing.streamingInput([{ size: 27182, expectCompressed: true }, { size: 45904, flags: NO_COMPRESS }]), 73086);
    });
  },

  async server_compressed_unary(client) {
    assert.equal(await client.unary({ response_size: 314159, response_compressed: true }), 314159);
    assert.equal(await client.unary({ response_size: 314159 }), 314159);
  },

  async server_compressed_streaming(client) {
    assert.deepEqual(await client.streamingOutput([{ size: 31415, compressed: true }, { size: 92653, compressed: false }]), [31415, 92653]);
  },

  async compressed_empty_message(client) {
    await client.compressing(compressing => compressing.empty());
  },

  async oversized_request(client) {
    await expectFailure(client.unary({ payload: messages.MAX_MESSAGE_BYTES + 1 }), codes.RESOURCE_EXHAUSTED);
    await client.empty();
  },

  async oversized_response(client) {
    await expectFailure(client.unary({ response_size: messages.MAX_MESSAGE_BYTES + 1 }), codes.RESOURCE_EXHAUSTED);
    await client.empty();
  },
};

const idle = {
  async unary_after_idle(client) {
    await client.empty();
    await sleep(client.idleSeconds * 1000);
    await client.empty();
  },

  async stream_after_idle(client) {
    const stream = client.fullDuplex();
    stream.send(8, 9);
    assert.equal(await stream.receive(), 9);
    await sleep(client.idleSeconds * 1000);
    stream.send(1828, 2653);
    assert.equal(await stream.receive(), 2653);
    stream.complete();
    assert.equal(await stream.receive(), null);
  },
};

// Runs every case and reports each one; the idle ones wait on connections of their own meanwhile.
async function run(settings, report) {
  const runCase = async ([name, body], client) => {
    const started = performance.now();
    let detail = '';
    try {
      await body(client.forCase(name));
    } catch (error) {
      detail = error.stack || String(error);
    }
    report({ case: name, passed: detail === '', seconds: Math.round(performance.now() - started) / 1000, detail });
  };

  const idling = Object.entries(idle).map(async entry => {
    const client = new Client(settings, {
      channelOptions: {
        'grpc.keepalive_time_ms': 2000,
        'grpc.keepalive_timeout_ms': 5000,
        'grpc.keepalive_permit_without_calls': 1,
        // A connection of its own, not the one that the other cases share.
        'grpc.use_local_subchannel_pool': 1,
      },
    });
    await runCase(entry, client);
    client.close();
  });
  const client = new Client(settings);
  for (const entry of Object.entries(atOnce)) await runCase(entry, client);
  client.close();
  await Promise.all(idling);
}

module.exports = { run };
