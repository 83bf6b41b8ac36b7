namespace HostAgent.Coordinator.Tests.Support;

/// <summary>Counts what is open, and how much was open at once at most.</summary>
internal sealed class StreamCount
{
    private readonly Lock _lock = new();

    public int Now { get; private set; }

    public int Peak { get; private set; }

    public void Open()
    {
        lock (_lock)
        {
            Peak = Math.Max(Peak, ++Now);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            Now--;
        }
    }
}
