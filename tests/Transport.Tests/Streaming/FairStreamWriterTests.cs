using Grpc.Core;
using HostAgent.Transport.Edge;

namespace HostAgent.Transport.Tests.Streaming;

/// <summary>When a stream that is written without a pause gives way to others.</summary>
public sealed class FairStreamWriterTests : IDisposable
{
    private const int WritesOfATurn = 128;

    private readonly CancellationTokenSource _left = new();
    private readonly Turns _turns = new();
    private readonly WriterOfAList _inner = new();

    [Fact]
    public void Write_that_ends_a_turn_waits_until_others_had_theirs()
    {
        var writer = new FairStreamWriter<int>(_inner, _left.Token);
        var writes = _turns.Run(() => Enumerable.Range(0, WritesOfATurn).Select(message => writer.WriteAsync(message, CancellationToken.None)).ToList());

        writes.SkipLast(1).ShouldAllBe(write => write.IsCompletedSuccessfully);
        writes[^1].IsCompleted.ShouldBeFalse();
        _inner.Messages.Count.ShouldBe(WritesOfATurn - 1);

        _turns.Next();

        writes[^1].IsCompletedSuccessfully.ShouldBeTrue();
        _inner.Messages.ShouldBe(Enumerable.Range(0, WritesOfATurn));
    }

    [Fact]
    public void Write_after_the_turn_of_the_callers_leaving_is_cancelled()
    {
        var writer = new FairStreamWriter<int>(_inner, _left.Token);
        var last = _turns.Run(() => Enumerable.Range(0, WritesOfATurn).Select(message => writer.WriteAsync(message)).ToList())[^1];

        _left.Cancel();
        _turns.Next();

        last.IsCanceled.ShouldBeTrue();
        _inner.Messages.Count.ShouldBe(WritesOfATurn - 1);
    }

    [Fact]
    public void Write_options_are_the_streams_own()
    {
        var writer = new FairStreamWriter<int>(_inner, _left.Token) { WriteOptions = new WriteOptions(WriteFlags.NoCompress) };

        _inner.WriteOptions.ShouldBeSameAs(writer.WriteOptions);
    }

    public void Dispose() => _left.Dispose();

    /// <summary>Holds back what gives way until the test lets it go on.</summary>
    private sealed class Turns : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Work, object? State)> _waiting = new();

        public override void Post(SendOrPostCallback d, object? state) => _waiting.Enqueue((d, state));

        public T Run<T>(Func<T> work)
        {
            var former = Current;
            SetSynchronizationContext(this);
            try
            {
                return work();
            }
            finally
            {
                SetSynchronizationContext(former);
            }
        }

        public void Next()
        {
            var (work, state) = _waiting.Dequeue();
            work(state);
        }
    }

    private sealed class WriterOfAList : IServerStreamWriter<int>
    {
        public List<int> Messages { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(int message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(int message, CancellationToken cancellationToken)
        {
            Messages.Add(message);
            return Task.CompletedTask;
        }
    }
}
