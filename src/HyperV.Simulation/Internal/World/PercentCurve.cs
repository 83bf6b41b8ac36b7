namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>How a job's true progress is shown as PercentComplete.</summary>
internal sealed record PercentCurve
{
    /// <summary>Shows 0 until the job is done.</summary>
    public bool Jumps { get; init; }

    /// <summary>The true percentage at which the shown one drops; null for never.</summary>
    public double? DropsAt { get; init; }

    /// <summary>By how many points it drops.</summary>
    public double DropsBy { get; init; }

    /// <summary>The percentage shown while the job is not done: never 100.</summary>
    public ushort Show(double percent)
    {
        var shown = Jumps ? 0
            : DropsAt is { } at && percent >= at ? percent - DropsBy + (DropsBy * (percent - at) / (100 - at))
            : percent;
        return (ushort)Math.Clamp(Math.Floor(shown + 1e-9), 0, 99);
    }
}
