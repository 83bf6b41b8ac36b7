namespace HostAgent.Cli.Tests.Fakes;

/// <summary>Keeps what is written, and tells a test when a line that it waits for has come.</summary>
internal sealed class WatchedWriter : StringWriter
{
    private readonly Lock _gate = new();
    private readonly List<(Func<string, bool> Is, TaskCompletionSource<string> Seen)> _waiting = [];

    public override void WriteLine(string? value)
    {
        lock (_gate)
        {
            base.WriteLine(value);
            foreach (var (_, seen) in _waiting.Where(waiting => waiting.Is(value ?? "")))
            {
                seen.TrySetResult(value ?? "");
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return base.ToString();
        }
    }

    /// <summary>The first line from now on that is what the test waits for.</summary>
    public Task<string> NextAsync(Func<string, bool> line)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((line, seen));
        }

        return seen.Task;
    }
}
