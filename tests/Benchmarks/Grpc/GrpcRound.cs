namespace HostAgent.Benchmarks.Grpc;

/// <summary>What one round found for one workload, with a server and a client that began with it.</summary>
/// <param name="Windows">Calls, messages or streams per second in every window, in order.</param>
/// <param name="IsSettled">Whether the last two windows agreed; otherwise the wait for that was given up.</param>
/// <param name="ClientAllocatedBytes">What the client's process allocated for each in the last window; null where it cannot tell.</param>
/// <param name="ServerAllocatedBytes">What the server's process allocated for each in the last window; null where it cannot tell.</param>
internal sealed record GrpcRound(IReadOnlyList<double> Windows, bool IsSettled, double? ClientAllocatedBytes, double? ServerAllocatedBytes)
{
    /// <summary>The first window: the processes had just started.</summary>
    public double Cold => Windows[0];

    /// <summary>The mean of the last two windows, or the only one.</summary>
    public double Warm => Windows.Count == 1 ? Windows[0] : (Windows[^1] + Windows[^2]) / 2;

    public static GrpcRound Of(IReadOnlyList<Measurement> windows, WarmUp warmUp)
    {
        var rates = windows.Select(window => window.PerSecond).ToList();
        return new GrpcRound([.. rates.Select(rate => Math.Round(rate, 1))], warmUp.IsSettled(rates), windows[^1].ClientAllocatedBytes, windows[^1].ServerAllocatedBytes);
    }
}
