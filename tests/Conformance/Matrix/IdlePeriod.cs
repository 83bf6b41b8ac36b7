namespace HostAgent.Conformance.Matrix;

/// <summary>How long the idle cases leave a connection alone.</summary>
internal static class IdlePeriod
{
    /// <summary>Long enough for two pings of the product's channels (every 10 s) and one of its servers (every 20 s).</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(22);
}
