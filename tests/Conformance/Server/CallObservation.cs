namespace HostAgent.Conformance.Server;

/// <summary>What our server saw of one call.</summary>
internal sealed class CallObservation(string method, string connection)
{
    private static readonly AsyncLocal<CallObservation?> CurrentCall = new();

    private int _compressed;
    private int _decompressed;

    /// <summary>The call that is being served where this is read.</summary>
    public static CallObservation? Current
    {
        get => CurrentCall.Value;
        set => CurrentCall.Value = value;
    }

    public string Method { get; } = method;

    /// <summary>The connection it came over.</summary>
    public string Connection { get; } = connection;

    /// <summary>How many of its messages we compressed.</summary>
    public int Compressed => Volatile.Read(ref _compressed);

    /// <summary>How many of its messages came compressed.</summary>
    public int Decompressed => Volatile.Read(ref _decompressed);

    public void CountCompressed() => Interlocked.Increment(ref _compressed);

    public void CountDecompressed() => Interlocked.Increment(ref _decompressed);
}
