'use strict';
// Calls of the test service over one grpc-js channel.

const grpc = require('@grpc/grpc-js');

const messages = require('./messages');
const { CASE } = require('./service');

// Of every call, so that a hanging one fails its case.
const PATIENCE_MILLIS = 60_000;

function credentials(settings) {
  return settings.security === 'plaintext'
    ? grpc.credentials.createInsecure()
    : grpc.credentials.createSsl(settings.authority, settings.privateKey, settings.certificate);
}

const empty = () => Buffer.alloc(0);

class Client {
  constructor(settings, { name, channelOptions } = {}) {
    this.settings = settings;
    this.idleSeconds = settings.idleSeconds;
    this.name = name;
    this.stub = new (messages.load(settings.protos).TestService)(settings.address, credentials(settings), channelOptions);
  }

  close() {
    this.stub.close();
  }

  // The same connection; every call tells the server which case it belongs to.
  forCase(name) {
    return Object.assign(Object.create(Client.prototype), this, { name });
  }

  // The same calls, compressed with gzip; grpc-js has that setting for whole channels only.
  async compressing(body) {
    const client = new Client(this.settings, { name: this.name, channelOptions: { 'grpc.default_compression_algorithm': messages.GZIP } });
    try {
      await body(client);
    } finally {
      client.close();
    }
  }

  // Calls any method with an empty message.
  call(service, method) {
    return this.finish(done => this.stub.makeUnaryRequest(`/${service}/${method}`, empty, empty, {}, this.metadata(), this.options(), done));
  }

  async empty() {
    return (await this.finish(done => this.stub.EmptyCall({}, this.metadata(), this.options(), done))).response;
  }

  // The size of the response's payload.
  async unary(request, options) {
    return (await this.unaryCall(request, options)).response.payload.body.length;
  }

  // Response, response headers and trailers.
  unaryCall({ payload = 0, ...request }, { metadata, flags } = {}) {
    const message = { payload: { body: Buffer.alloc(payload) }, ...request };
    return this.finish(done => this.stub.UnaryCall(message, this.metadata(metadata), this.options({ flags }), done));
  }

  // The aggregated size.
  async streamingInput(requests) {
    const { response } = await this.finish(done => {
      const call = this.stub.StreamingInputCall(this.metadata(), this.options(), done);
      for (const { size, expectCompressed = false, flags = 0 } of requests) {
        call.write({ payload: { body: Buffer.alloc(size) }, expect_compressed: expectCompressed }, flags);
      }
      call.end();
      return call;
    });
    return response.aggregated_payload_size;
  }

  // A call that sends nothing, is cancelled and fails.
  cancelledStreamingInput() {
    return this.finish(done => {
      const call = this.stub.StreamingInputCall(this.metadata(), this.options(), done);
      call.cancel();
      return call;
    });
  }

  // The sizes of the payloads.
  async streamingOutput(parameters) {
    const sizes = [];
    for await (const response of this.stub.StreamingOutputCall({ response_parameters: parameters }, this.metadata(), this.options())) {
      sizes.push(response.payload.body.length);
    }
    return sizes;
  }

  fullDuplex({ metadata, timeoutMillis } = {}) {
    return new Duplex(this.stub.FullDuplexCall(this.metadata(metadata), this.options({ timeoutMillis })));
  }

  metadata(entries = []) {
    const metadata = new grpc.Metadata();
    metadata.set(CASE, this.name);
    entries.forEach(([key, value]) => metadata.add(key, value));
    return metadata;
  }

  options({ timeoutMillis = PATIENCE_MILLIS, ...options } = {}) {
    return { deadline: Date.now() + timeoutMillis, ...options };
  }

  // Waits for the response and the status: the headers and trailers have arrived then as well.
  finish(start) {
    return new Promise((resolve, reject) => {
      let headers;
      let response;
      const call = start((error, message) => {
        if (error) reject(error);
        else response = message;
      });
      call.on('metadata', metadata => { headers = metadata; });
      call.on('status', status => { if (status.code === grpc.status.OK) setImmediate(() => resolve({ response, headers, trailers: status.metadata })); });
    });
  }
}

// A call of FullDuplexCall, one message at a time.
class Duplex {
  constructor(call) {
    this.call = call;
    this.responses = call[Symbol.asyncIterator]();
    call.on('metadata', metadata => { this.headers = metadata; });
    this.status = new Promise(resolve => call.on('status', resolve));
  }

  // Asks for responses of the given sizes, or [size, milliseconds to wait before].
  send(size, ...responses) {
    const parameters = responses.map(response => [response].flat()).map(([length, interval = 0]) => ({ size: length, interval_millis: interval }));
    this.call.write({ payload: { body: Buffer.alloc(size) }, response_parameters: parameters });
  }

  sendStatus(status) {
    this.call.write({ response_status: status });
  }

  complete() {
    this.call.end();
  }

  // The size of the next payload; null at the end of the stream.
  async receive() {
    const { done, value } = await this.responses.next();
    return done ? null : value.payload.body.length;
  }
}

module.exports = { Client, credentials };
