using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Status = Google.Rpc.Status;

namespace HostAgent.Transport.Rest;

/// <summary>A request that is made when it is first read.</summary>
internal sealed class LazyRequest(Func<CancellationToken, Task<byte[]>> read) : Stream
{
    private ReadOnlyMemory<byte>? _left;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            _left ??= await read(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcFailure failure)
        {
            // The only exception whose status and details the gRPC server passes on.
            throw failure.ToRpcException();
        }

        var count = Math.Min(buffer.Length, _left.Value.Length);
        _left.Value[..count].CopyTo(buffer);
        _left = _left.Value[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Takes the framed messages of a call and answers with JSON: one message, or a line for each. A slow caller slows the call down, as in gRPC.</summary>
internal sealed class MessageStream(RestRoute route, HttpContext outer) : Stream
{
    private readonly MemoryStream _frame = new();
    private IMessage? _single;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Answers with how the call has ended, unless the caller has left.</summary>
    /// <param name="status">The status; null when the call has none, because something before the gRPC server has refused it.</param>
    public async Task EndAsync(Status? status)
    {
        if (outer.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        status ??= RpcFailureCodec.ToStatus(new RpcFailure(StatusCode.Internal, "INTERNAL", "the call ended without a status"));
        if (status.Code != (int)StatusCode.OK)
        {
            await (outer.Response.HasStarted ? outer.Response.WriteAsync(RestJson.LastLine(status), outer.RequestAborted) : RestJson.WriteAsync(outer, status)).ConfigureAwait(false);
        }
        else if (route.Method.IsServerStreaming)
        {
            AnswerLines();
        }
        else
        {
            outer.Response.ContentType = RestJson.Json;
            await outer.Response.WriteAsync(RestJson.Format(_single ?? throw new InvalidOperationException($"{route.Method.FullName} has ended without a message")), outer.RequestAborted).ConfigureAwait(false);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var wanted = _frame.Length < RestRequest.PrefixBytes ? RestRequest.PrefixBytes : RestRequest.PrefixBytes + MessageLength();
            var taken = (int)Math.Min(wanted - _frame.Length, buffer.Length);
            _frame.Write(buffer.Span[..taken]);
            buffer = buffer[taken..];
            if (_frame.Length >= RestRequest.PrefixBytes && _frame.Length == RestRequest.PrefixBytes + MessageLength())
            {
                var message = route.Method.OutputType.Parser.ParseFrom(_frame.GetBuffer(), RestRequest.PrefixBytes, MessageLength());
                _frame.SetLength(0);
                await TakeAsync(message, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => outer.Response.HasStarted ? outer.Response.Body.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _frame.Dispose();
        base.Dispose(disposing);
    }

    // The server compresses for callers that ask for it, which this one does not.
    private int MessageLength() => BinaryPrimitives.ReadInt32BigEndian(_frame.GetBuffer().AsSpan(1));

    private async Task TakeAsync(IMessage message, CancellationToken cancellationToken)
    {
        if (!route.Method.IsServerStreaming)
        {
            _single = message;
            return;
        }

        AnswerLines();
        await outer.Response.WriteAsync(RestJson.Format(message) + "\n", cancellationToken).ConfigureAwait(false);
    }

    private void AnswerLines()
    {
        if (!outer.Response.HasStarted)
        {
            outer.Response.ContentType = RestJson.Lines;
        }
    }
}
