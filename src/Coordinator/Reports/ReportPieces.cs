using Google.Protobuf;

namespace HostAgent.Coordinator.Reports;

/// <summary>A stream that sends its bytes to the caller in pieces of at most 64 KiB, at the caller's pace. Supports asynchronous writes only.</summary>
/// <param name="send">Sends one piece.</param>
internal sealed class ReportPieces(Func<ByteString, Task> send) : Stream
{
    private const int LargestPiece = 64 * 1024;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var from = 0; from < buffer.Length; from += LargestPiece)
        {
            var piece = buffer.Slice(from, Math.Min(LargestPiece, buffer.Length - from));
            cancellationToken.ThrowIfCancellationRequested();
            await send(ByteString.CopyFrom(piece.Span));
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
