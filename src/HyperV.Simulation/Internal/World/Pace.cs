namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>What decides how fast jobs advance; may differ each time the host is opened.</summary>
/// <param name="Speed">How many times faster than the clock the host works.</param>
/// <param name="LinkMegabitsPerSecond">The link that transfers share.</param>
/// <param name="MaxConcurrentJobs">How many failback jobs run at once; null for no limit.</param>
internal sealed record Pace(double Speed, double LinkMegabitsPerSecond, int? MaxConcurrentJobs);
